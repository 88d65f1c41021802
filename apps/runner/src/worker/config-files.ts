import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMissingFile } from '../files/file-error.js';

/**
 * The files that say what an agent in this folder may do, the outermost first: the user's `config.json`, then the project's, from the
 * root of its repository down to the folder itself. The agent can write to the project's files, which is why they can only tighten, and
 * why they are read before it begins.
 */
export function configFiles(configFile: string, cwd: string): string[] {
  return [configFile, ...projectFolders(cwd).map((folder) => join(folder, '.pizzapi', 'config.json'))];
}

/** Where there is no repository, the folder alone. */
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
