import { SandboxSettings } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkedConfig, readConfigJson } from '../../config/config-file.js';
import { configFiles } from '../config-files.js';

/** Other parts of the product keep their own fields in the file. */
const validator = Compile(Type.Object({ sandbox: Type.Optional(SandboxSettings) }));

/**
 * How tools of a session in this folder are confined as the files say, the user's first.
 * @throws ConfigError, because a file that cannot be understood must not count as one that confines nothing
 */
export function sandboxFiles(configFile: string, cwd: string): SandboxSettings[] {
  return configFiles(configFile, cwd).map(
    (path) => checkedConfig(validator, readConfigJson(path) ?? {}, path).sandbox ?? {},
  );
}

/** What they say together with the organisation: where the user is silent it chooses, and it can only tighten. */
export function sandboxLayers(
  [ofUser, ...ofProject]: readonly SandboxSettings[],
  ofOrganisation: SandboxSettings | null,
): SandboxSettings[] {
  return [{ ...ofOrganisation, ...ofUser }, ofOrganisation ?? {}, ...ofProject];
}
