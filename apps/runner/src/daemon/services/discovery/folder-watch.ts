import { join } from 'node:path';
import { CodeFolders } from './code-folders.js';
import { codePrint } from './code-print.js';
import { filePrint } from './file-print.js';
import { DECLARATION_FILES, serviceFolders } from './service-folders.js';
import type { ServicesSource } from './services-sources.js';

export interface FolderWatchOptions {
  sources: () => Promise<ServicesSource[]>;
  /** The folders changed and have come to rest. Called one at a time, and again with the next look when it rejects. */
  onChange: () => Promise<void>;
  /** The folders cannot be looked at, or `onChange` rejected; it is tried again. */
  onError: (error: unknown) => void;
  intervalMs?: number;
}

/** After this many looks in a row that each saw another state, a change counts all the same. */
const PATIENCE = 10;

/**
 * Notices added, changed and removed services by looking at their files every second.
 *
 * A look costs one system call for each module and each folder. `fs.watch` would cost none, but sees neither what lies behind a symbolic
 * link, nor a network file system, nor a folder that does not exist yet, and runs out of inotify watches.
 *
 * A change counts once two looks in a row saw the same state, so that a file is not read while it is being written. Where things never come
 * to rest, as when a build keeps writing into one service's folder, it counts after ten looks, so that the other services need not wait.
 */
export class FolderWatch {
  private readonly intervalMs: number;
  private readonly folders = new CodeFolders();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private last: string | null = null;
  private told: string | null = null;
  /** Looks since it was at rest. */
  private restless = 0;

  constructor(private readonly options: FolderWatchOptions) {
    this.intervalMs = options.intervalMs ?? 1_000;
  }

  /** From now on; what is there already counts as told once `onChange` ran the first time. */
  start(): void {
    void this.look();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    try {
      this.folders.begin();
      const now = await fingerprint(await this.options.sources(), this.folders);
      this.restless = now === this.last ? 0 : this.restless + 1;
      this.last = now;
      const isTime = this.restless === 0 || this.restless >= PATIENCE;
      if (isTime && now !== this.told && !this.isStopped) {
        this.restless = 0;
        await this.options.onChange();
        this.told = now;
      }
    } catch (error) {
      this.options.onError(error);
    }
    if (!this.isStopped) this.timer = setTimeout(() => void this.look(), this.intervalMs);
  }
}

/** Covers more than matters: which files belong to a panel is in the manifest, and reading that is discovery's job. */
async function fingerprint(sources: readonly ServicesSource[], known: CodeFolders): Promise<string> {
  const folders = await serviceFolders(sources);
  const prints = folders.map(async ({ path, name }) => [
    path,
    name,
    ...(await Promise.all(DECLARATION_FILES.map((file) => filePrint(join(path, file))))),
    await codePrint({ path, entry: null, panelDir: null }, known),
  ]);
  const unreadable = sources.filter((source) => source.unreadable !== undefined);
  return JSON.stringify([unreadable, await Promise.all(prints)]);
}
