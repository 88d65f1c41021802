import { realpath, stat } from 'node:fs/promises';
import { FolderMissingError } from '../errors/agent-error.js';

/** Where a folder really is, links resolved: whoever works there goes on in the folder that was checked, whatever becomes of the links. @throws FolderMissingError */
export async function realFolder(folder: string): Promise<string> {
  try {
    const path = await realpath(folder);
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')))
      throw error;
  }
  throw new FolderMissingError(folder);
}
