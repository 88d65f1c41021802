import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissingFile } from '../../files/file-error.js';
import { serviceFolders } from './discover-services.js';

const FILES = ['manifest.json', 'triggers.json', 'sigils.json'];

export interface FolderWatchOptions {
  servicesDir: string;
  /** The folders changed and have come to rest. Called one at a time; must not reject. */
  onChange: () => Promise<void>;
  /** The folder cannot be looked at; it is tried again. */
  onError: (error: unknown) => void;
  intervalMs?: number;
}

/**
 * Notices added, changed and removed services by looking at their files every second.
 *
 * A look costs four system calls a service. `fs.watch` would cost none, but sees neither what lies behind a symbolic
 * link, nor a network file system, nor a folder that does not exist yet, and runs out of inotify watches.
 *
 * A change counts when two looks in a row saw the same: so a file that is just being written is not read in halves.
 */
export class FolderWatch {
  private readonly intervalMs: number;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private last: string | null = null;
  private told: string | null = null;

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
      const now = await fingerprint(this.options.servicesDir);
      const hasSettled = now === this.last;
      this.last = now;
      if (hasSettled && now !== this.told && !this.isStopped) {
        this.told = now;
        await this.options.onChange();
      }
    } catch (error) {
      this.options.onError(error);
    }
    if (!this.isStopped) this.timer = setTimeout(() => void this.look(), this.intervalMs);
  }
}

async function fingerprint(servicesDir: string): Promise<string> {
  const folders = await serviceFolders(servicesDir);
  const prints = folders.map(async (folder) => [
    folder,
    ...(await Promise.all(FILES.map((file) => print(join(servicesDir, folder, file))))),
  ]);
  return JSON.stringify(await Promise.all(prints));
}

/** Follows links. The inode tells a file that was renamed into place, the change time one that was written within a millisecond. */
async function print(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return [ino, size, mtimeMs, ctimeMs].join(' ');
  } catch (error) {
    if (isMissingFile(error)) return '';
    return error instanceof Error ? error.message : String(error); // of this file alone; reading it will say so
  }
}
