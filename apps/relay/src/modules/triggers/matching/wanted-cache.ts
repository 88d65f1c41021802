import { LruCache } from '../../../platform/cache/lru-cache.js';
import type { WantedVersion } from '../../runners/index.js';

/** Old enough to be read again even if nobody told of a change: whoever had to may have died between the change and the telling. */
const MAX_AGE_MS = 10_000;
/** In characters of what is stored; in memory it is some times that. */
const MAX_WEIGHT = 8 * 1024 * 1024;

export interface Loaded<T> {
  value: T;
  weight: number;
}
interface Entry<T> extends Loaded<T> {
  version: string;
  readAt: number;
}

/**
 * What is wanted of one trigger type of one runner, kept in memory by each replica on its own.
 *
 * Why no replica ever matches against less than what was answered: a change is committed, then the version in Redis changes, then the change is
 * answered. A reader asks for the version first and reads the database afterwards, so what it keeps is at least as new as the version
 * under which it keeps it. Once a change is answered, every later reader gets another version than any that was kept before.
 */
export class WantedCache<T> {
  private readonly entries = new LruCache<Entry<T>>(MAX_WEIGHT, ({ weight }) => weight);
  private readonly loading = new Map<string, Promise<Loaded<T>>>();

  constructor(
    private readonly version: Pick<WantedVersion, 'read'>,
    private readonly load: (runnerId: string, type: string) => Promise<Loaded<T>>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async get(runnerId: string, type: string): Promise<T> {
    const version = await this.version.read(runnerId);
    const key = `${runnerId} ${type}`;
    const known = this.entries.get(key);
    if (known?.version === version && this.now() - known.readAt < MAX_AGE_MS) return known.value;
    const readAt = this.now();
    const loaded = await this.loadOnce(`${version} ${key}`, runnerId, type);
    this.entries.set(key, { ...loaded, version, readAt });
    return loaded.value;
  }

  /** Whoever comes with the same version while it is read may have it too: that version was there before the reading began. */
  private loadOnce(key: string, runnerId: string, type: string): Promise<Loaded<T>> {
    let loading = this.loading.get(key);
    if (!loading) {
      loading = this.load(runnerId, type).finally(() => this.loading.delete(key));
      this.loading.set(key, loading);
    }
    return loading;
  }
}
