import { type FSWatcher, lstatSync, rmSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { SandboxPolicy } from '../policy/policy.js';

/**
 * Takes away what must not come to be. The wall keeps what is there as it is; what is not there it could only keep by putting a file into its place,
 * which whoever works in the folder would stumble over.
 */
export class PlantWatch {
  #paths: readonly string[];
  readonly #watchers: FSWatcher[];
  readonly #onPlanted: (path: string) => void;

  /** @param onPlanted called for each that has been made, and is gone again */
  constructor({ absent }: SandboxPolicy, onPlanted: (path: string) => void) {
    this.#paths = absent;
    this.#onPlanted = onPlanted;
    this.#watchers = [...new Set(absent.map((path) => dirname(path)))].flatMap((folder) => this.#watch(folder));
  }

  /** Looks at all of them now. */
  check(): void {
    for (const path of this.#paths) {
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined) continue;
      rmSync(path, { recursive: true, force: true });
      this.#onPlanted(path);
    }
  }

  /** Once more, because what ended may have made it last. */
  close(): void {
    this.check();
    this.#paths = [];
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(folder: string): FSWatcher[] {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.check());
      watcher.on('error', () => watcher.close()); // what it would have told is found by the next check
      return [watcher];
    } catch {
      return []; // the system watches no more folders: the next check finds it
    }
  }
}
