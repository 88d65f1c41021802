import { HookSettings } from '@pizzapi/agent';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkedConfig, readConfigJson } from '../config/config-file.js';

/** Other parts of the product keep their own fields in the file. */
const validator = Compile(Type.Object({ hooks: Type.Optional(HookSettings) }));

/** What the runner's person says of plugins' hooks; no project does. @throws ConfigError A file that cannot be understood must not open what it closes. */
export function readHookSettings(configFile: string): HookSettings {
  return checkedConfig(validator, readConfigJson(configFile) ?? {}, configFile).hooks ?? {};
}
