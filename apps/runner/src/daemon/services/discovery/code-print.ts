import { join } from 'node:path';
import { CodeFolders } from './code-folders.js';
import { filePrint } from './file-print.js';

/** What an `npm install` in the folder changes. */
const PACKAGE_FILES = ['package.json', 'node_modules/.package-lock.json'];
/** A folder that holds more than a service is not looked through every second: what lies nearest to its top counts. */
const MAX_MODULES = 500;
const MAX_FOLDERS = 500;
const MAX_DEPTH = 5;

export interface CodePlace {
  /** The service's folder. */
  path: string;
  /** The module that is loaded first, which may lie elsewhere; null: there is none. */
  entry: string | null;
  /** The panel's files, which are read with each request and start nothing anew. */
  panelDir: string | null;
}

/**
 * Changes whenever the service's code does: its entry, the modules in its folder, its packages.
 * @param folders known from the look before
 */
export async function codePrint({ path, entry, panelDir }: CodePlace, folders = new CodeFolders()): Promise<string> {
  const modules = await modulesIn(path, panelDir, folders);
  const files = [...PACKAGE_FILES.map((name) => join(path, name)), ...modules, ...(entry === null ? [] : [entry])];
  return JSON.stringify(await Promise.all(files.map(async (file) => [file, await filePrint(file)])));
}

async function modulesIn(top: string, except: string | null, folders: CodeFolders): Promise<string[]> {
  const modules: string[] = [];
  let level = [top];
  let looked = 0;
  for (let depth = 0; depth < MAX_DEPTH && modules.length < MAX_MODULES; depth += 1) {
    level = level.slice(0, MAX_FOLDERS - looked);
    looked += level.length;
    const found = await Promise.all(level.map((folder) => folders.look(folder)));
    modules.push(...found.flatMap((folder) => folder.modules));
    level = found.flatMap((folder) => folder.folders).filter((folder) => folder !== except);
  }
  return modules.slice(0, MAX_MODULES);
}
