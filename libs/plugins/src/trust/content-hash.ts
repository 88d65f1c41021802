import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isInside } from '../manifest.js';

/** What a folder may hold at most for its content to be vouched for. */
const MAX_FILES = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** The content of a folder, as somebody may agree to it. */
export interface FolderContent {
  /** Changes with every name, every byte, every right to run and every link in it. */
  hash: string;
  /** Relative to the folder, in order. */
  files: string[];
}

/** A folder whose content nobody can vouch for; the message says why, without a full stop. */
export class UnfitFolderError extends Error {
  override readonly name = 'UnfitFolderError';
}

/** Reads every file of a folder. @throws UnfitFolderError */
export async function contentOf(folder: string): Promise<FolderContent> {
  const root = await realpath(folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  if (paths.length > MAX_FILES) throw new UnfitFolderError(`it holds more than ${MAX_FILES} files`);
  const hash = createHash('sha256');
  const files = paths.map((path) => relative(root, path)).sort();
  let bytes = 0;
  for (const file of files) {
    const path = join(root, file);
    const { size, mode } = await lstat(path);
    bytes += size;
    if (bytes > MAX_BYTES) throw new UnfitFolderError(`it holds more than ${MAX_BYTES / 1024 / 1024} MB`);
    hash.update(JSON.stringify([file, (mode & 0o111) !== 0, await fingerprint(root, path, mode)]));
  }
  return { hash: hash.digest('hex'), files };
}

const TYPE = 0o170_000;
const LINK = 0o120_000;
const FILE = 0o100_000;

async function fingerprint(root: string, path: string, mode: number): Promise<string> {
  if ((mode & TYPE) === LINK) {
    const target = await readlink(path);
    // What lies elsewhere could change without a trace.
    if (!isInside(root, resolve(path, '..', target)))
      throw new UnfitFolderError(`${path} is a link that leads out of it`);
    return `-> ${target}`;
  }
  if ((mode & TYPE) !== FILE) throw new UnfitFolderError(`${path} is neither a file nor a link`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
