import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { shortageOf } from '../../../files/shortage.js';

/** Only modules count: a service that keeps data beside them must not restart itself by writing it. */
const MODULE = /\.[cm]?[jt]sx?$/;
/** A file system's clock may stand still for so long: what is added meanwhile does not show in a folder's times. */
const CLOCK_STEP_MS = 2_000;

/** What of a folder may be code: full paths, in alphabetical order. */
export interface CodeFolder {
  modules: readonly string[];
  folders: readonly string[];
}

const EMPTY: CodeFolder = { modules: [], folders: [] };

interface Known {
  print: string;
  content: CodeFolder;
}

/**
 * Reads folders, and anew only those that have changed: a folder of a hundred thousand files takes a tenth of a second to read, and one call
 * of the system to see that it is the same.
 */
export class CodeFolders {
  private known = new Map<string, Known>();
  private before = new Map<string, Known>();

  /** A round of looks begins. What was not asked for in the last one is forgotten. */
  begin(): void {
    this.before = this.known;
    this.known = new Map();
  }

  /** What cannot be looked into has no code. @throws only where the machine has none left of what it takes to look */
  async look(path: string): Promise<CodeFolder> {
    try {
      const { ino, mtimeMs, ctimeMs } = await stat(path);
      const print = [ino, mtimeMs, ctimeMs].join(' ');
      const before = this.before.get(path);
      const isSame = before?.print === print;
      const content = isSame ? before.content : await read(path);
      if (isSame || Date.now() - mtimeMs > CLOCK_STEP_MS) this.known.set(path, { print, content });
      return content;
    } catch (error) {
      if (shortageOf(error) !== null) throw error;
      return EMPTY;
    }
  }
}

async function read(path: string): Promise<CodeFolder> {
  const entries = await readdir(path, { withFileTypes: true });
  const isOwnFolder = (name: string): boolean => name !== 'node_modules' && !name.startsWith('.');
  const modules = entries.filter(({ name }) => MODULE.test(name));
  const folders = entries.filter((entry) => entry.isDirectory() && isOwnFolder(entry.name) && !MODULE.test(entry.name));
  const [modulePaths, folderPaths] = [modules, folders].map((of) => of.map(({ name }) => join(path, name)).sort());
  return { modules: modulePaths ?? [], folders: folderPaths ?? [] };
}
