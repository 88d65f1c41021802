import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What a folder may hold at most for its content to be vouched for. */
const MAX_FILES = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** The content of a folder, as somebody may agree to it. */
export interface FolderContent {
  /** Changes with every name, every byte and every right to run in it. */
  hash: string;
  /** Relative to the folder, in order. */
  files: string[];
}

/** A folder whose content nobody can vouch for; the message says why, without a full stop. */
export class UnfitFolderError extends Error {
  override readonly name = 'UnfitFolderError';
}

/**
 * Reads every file of a folder. There must be nothing but files and folders in it: where a link leads may change without a trace, and what
 * is there is not the folder's.
 * @throws UnfitFolderError, and the system's errors
 */
export async function contentOf(root: string): Promise<FolderContent> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const others = entries.filter((entry) => !entry.isDirectory() && !entry.isFile());
  for (const { parentPath, name } of others) throw new UnfitFolderError(unfit(join(parentPath, name)));
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  if (files.length > MAX_FILES) throw new UnfitFolderError(`it holds more than ${MAX_FILES} files`);
  const hash = createHash('sha256');
  const names = files.map((path) => relative(root, path)).sort();
  let bytes = 0;
  for (const name of names) {
    const path = join(root, name);
    const { size, mode } = await lstat(path);
    bytes += size;
    if (bytes > MAX_BYTES) throw new UnfitFolderError(`it holds more than ${MAX_BYTES / 1024 / 1024} MB`);
    const content = createHash('sha256').update(await readOwnFile(path));
    hash.update(JSON.stringify([name, (mode & 0o111) !== 0, content.digest('hex')]));
  }
  return { hash: hash.digest('hex'), files: names };
}

/** A file's bytes; never what a link leads to. @throws UnfitFolderError, and the system's errors */
export async function readOwnFile(path: string): Promise<Buffer> {
  // Something else may have taken its place since it was looked at: a pipe, too, must not keep its reader waiting.
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const { size } = await file.stat().then((found) => {
    if (!found.isFile()) throw new UnfitFolderError(unfit(path));
    return found;
  });
  if (size > MAX_BYTES) throw new UnfitFolderError(`${path} has more than ${MAX_BYTES / 1024 / 1024} MB`);
  return file.readFile();
}

function unfit(path: string): string {
  return `${path} is a link, or something else that is neither a file nor a folder`;
}
