import { readdir } from 'node:fs/promises';
import { errorText } from '../../../logging/logger.js';
import { isMissingFile } from '../../../files/file-error.js';

export interface FolderLook {
  /** Of the folders in it, links included, hidden ones not. */
  names: string[];
  /** Why it cannot be looked into; null when it could, or is not there. */
  unreadable: string | null;
}

/** What folders a folder holds, in alphabetical order. It never fails: somebody else's folder must not hide the user's own. */
export async function lookInto(dir: string): Promise<FolderLook> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    const names = entries
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
    return { names, unreadable: null };
  } catch (error) {
    return { names: [], unreadable: isMissingFile(error) ? null : errorText(error) };
  }
}
