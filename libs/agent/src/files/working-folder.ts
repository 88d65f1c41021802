import type { FoundFile, FoundFiles } from '@pizzapi/protocol';
import type { SandboxSetup } from '../sandbox/sandbox-setup.js';
import { ruleAgainst } from '../sandbox/sandbox-refusal.js';
import { listFiles } from './list-files.js';
import { rankPaths, withFolders } from './rank-paths.js';

/** While somebody types, one look at the disk is enough. */
const FRESH_MS = 3_000;
/** Then the list's memory is given back. */
const FORGET_MS = 30_000;

interface Look {
  at: number;
  found: Promise<{ all: FoundFile[]; isCut: boolean }>;
}

/** The files of a session's working folder that a person may name to its agent: those that its tools may read. */
export class WorkingFolder {
  readonly #path: string;
  readonly #sandbox: Pick<SandboxSetup, 'sandbox'> | null;
  #look: Look | null = null;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(path: string, sandbox: Pick<SandboxSetup, 'sandbox'> | null) {
    this.#path = path;
    this.#sandbox = sandbox;
  }

  /** Those that fit what was typed, the best first. @throws FilesUnlistedError */
  async find(query: string, limit: number): Promise<FoundFiles> {
    const { all, isCut } = await this.#latest();
    const wall = this.#sandbox?.sandbox ?? null;
    const files: FoundFile[] = [];
    for (const each of rankPaths(all, query)) {
      if (files.length === limit) break;
      // Of the few that are shown: where a link leads counts, and finding that out takes the disk.
      if (wall === null || ruleAgainst(wall, 'read', `${this.#path}/${each.path}`) === null) files.push(each);
    }
    return { files, truncated: isCut };
  }

  #latest(): Look['found'] {
    clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => (this.#look = null), FORGET_MS).unref();
    const now = performance.now();
    if (this.#look && now - this.#look.at < FRESH_MS) return this.#look.found;
    const look: Look = { at: now, found: this.#read() };
    this.#look = look;
    // The next one tries again.
    look.found.catch(() => {
      if (this.#look === look) this.#look = null;
    });
    return look.found;
  }

  async #read(): Promise<{ all: FoundFile[]; isCut: boolean }> {
    const { paths, isCut } = await listFiles(this.#path, this.#sandbox?.sandbox ?? null);
    return { all: withFolders(paths), isCut };
  }
}
