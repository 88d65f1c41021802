import { type FSWatcher, lstatSync, rmSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { SandboxPolicy } from '../policy/policy.js';

/** Told of each that has been made, and whether it is gone again. */
export type OnPlanted = (path: string, isGone: boolean) => void;

/**
 * Removes files that must not be made. The wall can protect a file that exists; to keep a missing one missing it would have to put a placeholder
 * there, over which whoever works in the folder would stumble.
 */
export class PlantWatch {
  #paths: readonly string[];
  readonly #watchers: FSWatcher[];
  readonly #onPlanted: OnPlanted;

  constructor({ absent }: SandboxPolicy, onPlanted: OnPlanted) {
    this.#paths = absent;
    this.#onPlanted = onPlanted;
    this.#watchers = [...new Set(absent.map((path) => dirname(path)))].flatMap((folder) => this.#watch(folder));
  }

  /** Looks at all of them now. Never throws: it is called by the system's events, where an error would end the worker. */
  check(): void {
    for (const path of this.#paths) if (isThere(path)) this.#onPlanted(path, isRemoved(path));
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

/** Whoever cannot look into the folder, git included, is led nowhere by what is in it. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function isRemoved(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true });
    return true;
  } catch {
    return false; // as in a folder that was made read-only meanwhile
  }
}
