import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isInside } from '../manifest.js';

/** What a folder may hold at most for its content to be vouched for. */
const MAX_FILES = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** The content of a folder, as somebody may agree to it. */
export interface FolderContent {
  /** Changes with every name, every byte and every right to run in it. */
  hash: string;
  /** Relative to the folder, in order. */
  files: string[];
  /** The links in it, and what they say. */
  links: { name: string; target: string }[];
}

/** A folder whose content nobody can vouch for; the message says why, without a full stop. */
export class UnfitFolderError extends Error {
  override readonly name = 'UnfitFolderError';
}

/**
 * Reads every file of a folder. There must be nothing but files, folders and links to what is in it: where another link leads may change
 * without a trace, and what is there is not the folder's.
 * @param root without links
 * @throws UnfitFolderError, and the system's errors
 */
export async function contentOf(root: string): Promise<FolderContent> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const others = entries.filter((entry) => !entry.isDirectory() && !entry.isFile() && !entry.isSymbolicLink());
  for (const { parentPath, name } of others) throw new UnfitFolderError(unfit(join(parentPath, name)));
  const linked = entries
    .filter((entry) => entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name));
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  if (files.length + linked.length > MAX_FILES) throw new UnfitFolderError(`it holds more than ${MAX_FILES} files`);
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
  const links = await Promise.all(linked.sort().map((path) => linkIn(root, path)));
  for (const { name, target } of links) hash.update(JSON.stringify(['link', name, target]));
  return { hash: hash.digest('hex'), files: names, links };
}

/** @throws UnfitFolderError when it leads out of the folder, nowhere, or to a folder that it lies in, which has no end */
async function linkIn(root: string, path: string): Promise<FolderContent['links'][number]> {
  const place = await realpath(path).catch(() => null);
  if (place === null || !isInside(root, place))
    throw new UnfitFolderError(`${path} is a link that leads out of it, or nowhere`);
  if (isInside(place, path)) throw new UnfitFolderError(`${path} is a link to a folder that it lies in`);
  return { name: relative(root, path), target: await readlink(path) };
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
  return `${path} is neither a file nor a folder`;
}
