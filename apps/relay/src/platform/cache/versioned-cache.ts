import { LRUCache } from 'lru-cache';

/** After this, an entry is read again in any case: somebody may have died between committing a change and changing the version. */
const MAX_AGE_MS = 10_000;

export interface Loaded<T> {
  value: T;
  /** A positive integer, for example the length of the stored text. A value that is heavier than the whole cache is not kept. */
  weight: number;
}
interface Entry<T> extends Loaded<T> {
  version: string;
  readAt: number;
}

/**
 * Caches what the database holds, in each replica's own memory, under a version that Redis keeps for all replicas.
 *
 * Why nobody is ever served less than what was answered: a change is first committed, then the version in Redis changes, and only then is
 * the change answered. A reader learns the version before it reads the database, so what it caches is at least as new as the version under
 * which it caches it. Once a change is answered, the version in Redis differs from every version that was cached before. So whoever asks
 * with the current version, or lets Redis compare the version that they used, sees every answered change.
 */
export class VersionedCache<T> {
  private readonly entries: LRUCache<string, Entry<T>>;
  private readonly loading = new Map<string, Promise<Loaded<T>>>();

  constructor(
    private readonly maxWeight: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.entries = new LRUCache({ maxSize: maxWeight });
  }

  /** @param version the current version in Redis, or an earlier one */
  async get(version: string, key: string, load: () => Promise<Loaded<T>>): Promise<T> {
    const known = this.entries.get(key);
    if (known?.version === version && this.now() - known.readAt < MAX_AGE_MS) return known.value;
    const readAt = this.now();
    const loaded = await this.loadOnce(`${version} ${key}`, load);
    if (loaded.weight > this.maxWeight) this.entries.delete(key);
    else this.entries.set(key, { ...loaded, version, readAt }, { size: loaded.weight });
    return loaded.value;
  }

  /** Callers with the same version share one reading: that version existed before the reading began. */
  private loadOnce(name: string, load: () => Promise<Loaded<T>>): Promise<Loaded<T>> {
    let loading = this.loading.get(name);
    if (!loading) {
      loading = load().finally(() => this.loading.delete(name));
      this.loading.set(name, loading);
    }
    return loading;
  }
}
