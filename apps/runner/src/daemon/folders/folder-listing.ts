import { access, readdir, realpath, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import { type FolderListing, MAX_LISTED_FOLDERS } from '@pizzapi/protocol';
import { isInside } from './workspace-roots.js';

const collator = new Intl.Collator('en', { numeric: true });

type Folder = FolderListing['folders'][number];

/** The folders in a folder (a real path inside the roots). Hidden ones come last; links that leave the roots are left out. */
export async function listFolder(
  path: string,
  roots: string[],
  { limit = MAX_LISTED_FOLDERS, after }: { limit?: number; after?: string } = {},
): Promise<FolderListing> {
  const entries = (await readdir(path, { withFileTypes: true })).filter(
    (entry) =>
      (entry.isDirectory() || entry.isSymbolicLink()) && (after === undefined || inOrder(entry.name, after) > 0),
  );
  entries.sort((a, b) => inOrder(a.name, b.name));
  const folders: Folder[] = [];
  let looked = 0;
  // Only what is shown is looked at: whether something is a repository takes the disk.
  for (const entry of entries) {
    if (folders.length === limit) break;
    looked += 1;
    const folder = await describe(path, entry, roots);
    if (folder) folders.push(folder);
  }
  const parent = dirname(path);
  const last = looked < entries.length ? folders.at(-1)?.name : undefined;
  return {
    path,
    parent: parent !== path && isInside(parent, roots) ? parent : null,
    folders,
    truncated: looked < entries.length,
    ...(last !== undefined && { last }),
  };
}

/** No two names are equal in it, so that a list can go on after any name, whether or not that is still there. */
function inOrder(a: string, b: string): number {
  return Number(isHidden(a)) - Number(isHidden(b)) || collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}

async function describe(parent: string, entry: Dirent, roots: string[]): Promise<Folder | null> {
  const path = join(parent, entry.name);
  if (entry.isSymbolicLink() && !(await leadsToFolderInside(path, roots))) return null;
  return { name: entry.name, path, isRepository: await exists(join(path, '.git')) };
}

async function leadsToFolderInside(link: string, roots: string[]): Promise<boolean> {
  try {
    const real = await realpath(link);
    return isInside(real, roots) && (await stat(real)).isDirectory();
  } catch {
    return false; // a link to nowhere, or into a folder of somebody else
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function isHidden(name: string): boolean {
  return name.startsWith('.');
}
