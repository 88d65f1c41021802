import { stat } from 'node:fs/promises';
import { isMissingFile } from '../../../files/file-error.js';

/**
 * Changes whenever the file does; empty while there is none. Follows links. The inode tells a file that was renamed into place, the
 * change time one that was written within a millisecond.
 */
export async function filePrint(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return [ino, size, mtimeMs, ctimeMs].join(' ');
  } catch (error) {
    if (isMissingFile(error)) return '';
    return error instanceof Error ? error.message : String(error); // of this file alone; reading it will say so
  }
}
