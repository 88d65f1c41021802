import { SandboxSettings } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkedConfig, readJsonFile } from '../../config/config-file.js';
import { configFiles } from '../config-files.js';

/** Other parts of the product keep their own fields in the file. */
const validator = Compile(Type.Object({ sandbox: Type.Optional(SandboxSettings) }));

/**
 * How tools of a session in this folder are confined: what the user chooses, and where the user is silent the organisation; then what the
 * organisation and the project say, which can only tighten it.
 * @throws ConfigError A file that cannot be understood must not count as one that confines nothing.
 */
export function sandboxLayers(
  configFile: string,
  cwd: string,
  ofOrganisation: SandboxSettings | null,
): SandboxSettings[] {
  const [ofUser, ...ofProject] = configFiles(configFile, cwd).map(
    (path) => checkedConfig(validator, readJsonFile(path) ?? {}, path).sandbox ?? {},
  );
  return [{ ...ofOrganisation, ...ofUser }, ofOrganisation ?? {}, ...ofProject];
}
