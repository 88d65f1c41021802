import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { filePrint } from './file-print.js';

/** Only modules count: a service that keeps data beside them must not restart itself by writing it. */
const MODULE = /\.[cm]?[jt]sx?$/;
/** What an `npm install` in the folder changes. */
const PACKAGE_FILES = ['package.json', 'node_modules/.package-lock.json'];
/** A folder that holds more than a service is not looked through every second. */
const MAX_MODULES = 500;
const MAX_DEPTH = 5;

export interface CodePlace {
  /** The service's folder. */
  path: string;
  /** The module that is loaded first, which may lie elsewhere; null: there is none. */
  entry: string | null;
  /** The panel's files, which are read with each request and start nothing anew. */
  panelDir: string | null;
}

/** Changes whenever the service's code does: its entry, the modules in its folder, its packages. */
export async function codePrint({ path, entry, panelDir }: CodePlace): Promise<string> {
  const modules = await modulesIn(path, panelDir, MAX_DEPTH);
  const files = [...PACKAGE_FILES.map((name) => join(path, name)), ...modules, ...(entry === null ? [] : [entry])];
  return JSON.stringify(await Promise.all(files.map(async (file) => [file, await filePrint(file)])));
}

async function modulesIn(folder: string, except: string | null, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []); // what cannot be read is no code of it
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (MODULE.test(entry.name)) return [path];
      const isOwnFolder = entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.');
      return isOwnFolder && path !== except && depth > 1 ? modulesIn(path, except, depth - 1) : [];
    }),
  );
  return found.flat().slice(0, MAX_MODULES);
}
