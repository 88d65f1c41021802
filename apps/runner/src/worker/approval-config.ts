import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ApprovalLayer, type ApprovalPolicy, ApprovalSettings } from '@pizzapi/agent';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkedConfig, readJsonFile } from '../config/config-file.js';
import { isMissingFile } from '../files/file-error.js';

/** Other parts of the product keep their own fields in the file. */
const validator = Compile(Type.Object({ approvals: Type.Optional(ApprovalSettings) }));

/**
 * What holds for a session in this folder: the user's `config.json`, then the project's, from the folder itself up to the root of its
 * repository. The agent can write to the project's files, which is why they can only tighten, and why they are read before it begins.
 * @throws ConfigError A file that cannot be understood must not count as one that allows everything.
 */
export function readApprovalPolicy(configFile: string, cwd: string, userHome = homedir()): ApprovalPolicy {
  const project = projectFolders(cwd).map((folder) => join(folder, '.pizzapi', 'config.json'));
  return [configFile, ...project].map((path): ApprovalLayer => {
    const value = readJsonFile(path) ?? {};
    return { source: shortened(path, userHome), settings: checkedConfig(validator, value, path).approvals ?? {} };
  });
}

/** The outermost first. Where there is no repository, the folder alone. */
function projectFolders(cwd: string): string[] {
  const start = realFolder(cwd);
  const folders = [start];
  for (let folder = start; !existsSync(join(folder, '.git')); folder = dirname(folder)) {
    if (dirname(folder) === folder) return [start];
    folders.unshift(dirname(folder));
  }
  return folders;
}

/** A folder that is missing is refused where the session is opened. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (isMissingFile(error)) return folder;
    throw error;
  }
}

function shortened(path: string, userHome: string): string {
  return path.startsWith(`${userHome}/`) ? `~${path.slice(userHome.length)}` : path;
}
