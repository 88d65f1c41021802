import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMissingFile } from '../files/file-error.js';

/** From the root of a folder's repository down to the folder itself; where there is no repository, the folder alone. */
export function projectFolders(cwd: string): string[] {
  const start = withoutLinks(cwd);
  const folders = [start];
  for (let folder = start; !existsSync(join(folder, '.git')); folder = dirname(folder)) {
    if (dirname(folder) === folder) return [start];
    folders.unshift(dirname(folder));
  }
  return folders;
}

/** The folder with its links resolved. One that is missing is returned as it is: opening the session will refuse it. */
export function withoutLinks(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (isMissingFile(error)) return folder;
    throw error;
  }
}
