import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { isInside } from '../manifest.js';

/** What a folder may hold at most for its content to be vouched for. */
const MAX_FILES = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** On the way of one link. */
const MAX_LINKS = 20;

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
  for (const { name, target, place } of links) hash.update(JSON.stringify(['link', name, target, place]));
  return { hash: hash.digest('hex'), files: names, links };
}

/** @throws UnfitFolderError when its way leaves the folder, leads nowhere, or to a folder that it lies in, which has no end */
async function linkIn(root: string, path: string): Promise<FolderContent['links'][number] & { place: string }> {
  const target = await readlink(path);
  const place = await endOf(root, dirname(path), target);
  if (place === null) throw new UnfitFolderError(`${path} is a link that leads out of it, or nowhere`);
  if (isInside(place, path)) throw new UnfitFolderError(`${path} is a link to a folder that it lies in`);
  return { name: relative(root, path), target, place: relative(root, place) };
}

/** Where a link leads, step by step: a way that leaves the folder and comes back could be led elsewhere without a trace. Null: out, or nowhere. */
async function endOf(root: string, folder: string, target: string, links = 0): Promise<string | null> {
  if (isAbsolute(target) || links > MAX_LINKS) return null;
  let at: string | null = folder;
  for (const step of target.split('/')) {
    at = join(at, step);
    const found = isInside(root, at) ? await lstat(at).catch(() => null) : null;
    if (found === null) return null;
    if (found.isSymbolicLink()) at = await endOf(root, dirname(at), await readlink(at), links + 1);
    if (at === null) return null;
  }
  return at;
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
