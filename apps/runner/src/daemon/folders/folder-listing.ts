import { access, readdir, realpath, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FolderListing } from '@pizzapi/protocol';
import { isInside } from './workspace-roots.js';

const MAX_FOLDERS = 500;
const byName = new Intl.Collator('en', { numeric: true }).compare;

type Folder = FolderListing['folders'][number];

/** The folders in a folder (a real path inside the roots). Hidden ones come last; links that leave the roots are left out. */
export async function listFolder(path: string, roots: string[]): Promise<FolderListing> {
  const entries = (await readdir(path, { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() || entry.isSymbolicLink(),
  );
  entries.sort((a, b) => Number(isHidden(a)) - Number(isHidden(b)) || byName(a.name, b.name));
  const folders: Folder[] = [];
  let looked = 0;
  for (const entry of entries) {
    if (folders.length === MAX_FOLDERS) break;
    looked += 1;
    const folder = await describe(path, entry, roots);
    if (folder) folders.push(folder);
  }
  const parent = dirname(path);
  return {
    path,
    parent: parent !== path && isInside(parent, roots) ? parent : null,
    folders,
    truncated: looked < entries.length,
  };
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

function isHidden(entry: Dirent): boolean {
  return entry.name.startsWith('.');
}
