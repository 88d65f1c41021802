import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { SandboxPolicy } from '../policy/policy.js';
import { isWithin } from '../policy/scope.js';
import { HOME_REWRITTEN } from '../policy/secrets.js';

/** What a file is, whatever it is called; null where there is none. */
type Identity = string | null;

/**
 * Notices when what the wall hides is not there any more where it hides it. On Linux it hides a file, not a name: one that another program puts
 * into its place, as most do that save, or that came only now, would be seen.
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

/** Of what is in a hidden folder, that folder alone; and not what the session itself could make. */
function watched({ secrets, shared, denied, readable, places, writable }: SandboxPolicy): string[] {
  const all = [...new Set([...secrets, ...shared, ...denied])];
  const rewritten = new Set(HOME_REWRITTEN.map((path) => basename(path)));
  const isAmong = (roots: readonly string[], path: string): boolean => roots.some((root) => isWithin(path, root));
  return all.filter(
    (path) =>
      !isAmong(
        all.filter((other) => other !== path),
        path,
      ) &&
      !isAmong(readable, path) &&
      !rewritten.has(basename(path)) &&
      !(identityOf(path) === null && isAmong([...places, ...writable], path)),
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
