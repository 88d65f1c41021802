import { SandboxSettings } from '@pizzapi/sandbox';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkedConfig, readJsonFile } from '../../config/config-file.js';
import { configFiles } from '../config-files.js';

/** Other parts of the product keep their own fields in the file. */
const validator = Compile(Type.Object({ sandbox: Type.Optional(SandboxSettings) }));

/**
 * How tools of a session in this folder are confined, the outermost first. The organisation's settings come before all files, so where
 * there are any, the user's can only tighten them.
 * @throws ConfigError A file that cannot be understood must not count as one that confines nothing.
 */
export function sandboxLayers(
  configFile: string,
  cwd: string,
  ofOrganisation: SandboxSettings | null,
): SandboxSettings[] {
  const files = configFiles(configFile, cwd).map(
    (path) => checkedConfig(validator, readJsonFile(path) ?? {}, path).sandbox ?? {},
  );
  return ofOrganisation ? [ofOrganisation, ...files] : files;
}
