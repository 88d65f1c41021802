import { HookSettings } from '@pizzapi/agent';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkedConfig, readConfigJson } from '../config/config-file.js';

/** Other parts of the product keep their own fields in the file. */
const validator = Compile(Type.Object({ hooks: Type.Optional(HookSettings) }));

/** The person's own settings for plugins' hooks; a project has no say. @throws ConfigError, because a file that cannot be understood must not loosen anything */
export function readHookSettings(configFile: string): HookSettings {
  return checkedConfig(validator, readConfigJson(configFile) ?? {}, configFile).hooks ?? {};
}
