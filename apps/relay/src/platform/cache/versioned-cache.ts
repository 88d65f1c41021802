import { LRUCache } from 'lru-cache';

/** Old enough to be read again even if nobody told of a change: whoever had to may have died between the change and the telling. */
const MAX_AGE_MS = 10_000;

export interface Loaded<T> {
  value: T;
  /** A whole number from 1, in characters of what is stored, or the like. What is heavier than the whole cache is not kept. */
  weight: number;
}
interface Entry<T> extends Loaded<T> {
  version: string;
  readAt: number;
}

/**
 * What the database holds of something, kept in memory by each replica on its own, under a version that Redis keeps for all.
 *
 * Why nobody ever gets less than what was answered: a change is committed, then the version in Redis changes, then the change is
 * answered. A reader learns the version first and reads the database afterwards, so what it keeps is at least as new as the version
 * under which it keeps it. Once a change is answered, Redis has another version than any that was kept before: whoever comes with the present
 * one, or has Redis compare the one that they came with, has all of it.
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

  /** @param version as it is in Redis now, or was before */
  async get(version: string, key: string, load: () => Promise<Loaded<T>>): Promise<T> {
    const known = this.entries.get(key);
    if (known?.version === version && this.now() - known.readAt < MAX_AGE_MS) return known.value;
    const readAt = this.now();
    const loaded = await this.loadOnce(`${version} ${key}`, load);
    if (loaded.weight > this.maxWeight) this.entries.delete(key);
    else this.entries.set(key, { ...loaded, version, readAt }, { size: loaded.weight });
    return loaded.value;
  }

  /** Whoever comes with the same version while it is read may have it too: that version was there before the reading began. */
  private loadOnce(name: string, load: () => Promise<Loaded<T>>): Promise<Loaded<T>> {
    let loading = this.loading.get(name);
    if (!loading) {
      loading = load().finally(() => this.loading.delete(name));
      this.loading.set(name, loading);
    }
    return loading;
  }
}
