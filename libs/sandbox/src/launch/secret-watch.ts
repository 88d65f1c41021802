import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { SandboxPolicy } from '../policy/policy.js';
import { isWithin } from '../policy/scope.js';
import { HOME_REWRITTEN } from '../policy/secrets.js';

/** What a file is, whatever it is called; null where there is none. */
type Identity = string | null;

/**
 * Notices when a hidden file is replaced, or made only now. On Linux the wall hides a particular file and not its name: a new one of that name,
 * which is how most programs save, could be seen from behind the wall.
 */
export class SecretWatch {
  readonly #known: Map<string, Identity>;
  readonly #watchers: FSWatcher[];
  readonly #onSeen: (path: string) => void;

  /** @param onSeen called once for each file that can be seen now */
  constructor(policy: SandboxPolicy, onSeen: (path: string) => void) {
    this.#onSeen = onSeen;
    const paths = process.platform === 'linux' ? watched(policy) : [];
    this.#known = new Map(paths.map((path) => [path, identityOf(path)]));
    this.#watchers = [...new Set(paths.map((path) => dirname(path)))].flatMap((folder) => this.#watch(folder));
  }

  /** Looks at all of them now. */
  check(): void {
    for (const path of this.#known.keys()) this.#look(path);
  }

  close(): void {
    this.#known.clear();
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(folder: string): FSWatcher[] {
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        for (const path of this.#known.keys()) if (dirname(path) === folder) this.#look(path);
      });
      watcher.on('error', () => watcher.close()); // what it would have told is found by the next check
      return [watcher];
    } catch {
      return []; // There is no such folder, or the system watches no more of them: the next check finds it.
    }
  }

  #look(path: string): void {
    const before = this.#known.get(path);
    const now = identityOf(path);
    if (now === before) return;
    this.#known.set(path, now);
    if (now !== null) this.#onSeen(path);
  }
}

/** What is worth watching: nothing inside a folder that is hidden itself, and nothing that the session could make. */
function watched({ secrets, shared, denied, readable, places, writable }: SandboxPolicy): string[] {
  const all = [...new Set([...secrets, ...shared, ...denied])];
  const rewritten = new Set(HOME_REWRITTEN.map((path) => basename(path)));
  const isAmong = (roots: readonly string[], path: string): boolean => roots.some((root) => isWithin(path, root));
  const isInsideAnother = (path: string): boolean => all.some((other) => other !== path && isWithin(path, other));
  const couldBeMade = (path: string): boolean => identityOf(path) === null && isAmong([...places, ...writable], path);
  return all.filter(
    (path) =>
      !isInsideAnother(path) && !isAmong(readable, path) && !rewritten.has(basename(path)) && !couldBeMade(path),
  );
}

function identityOf(path: string): Identity {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
