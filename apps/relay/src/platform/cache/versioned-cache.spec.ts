import { describe, expect, it } from 'vitest';
import { type Loaded, VersionedCache } from './versioned-cache.js';

const MAX_WEIGHT = 1_000;

interface State {
  version: string;
  now: number;
  loads: number;
  weight: number;
}

function aCache(): { get: (key: string) => Promise<number>; state: State } {
  const state: State = { version: 'a', now: 0, loads: 0, weight: 1 };
  const cache = new VersionedCache<number>(MAX_WEIGHT, () => state.now);
  const load = (): Promise<Loaded<number>> => Promise.resolve({ value: ++state.loads, weight: state.weight });
  return { get: (key) => cache.get(state.version, key, load), state };
}

describe('VersionedCache', () => {
  it('reads once for each version and key', async () => {
    const { get, state } = aCache();
    expect([await get('r t'), await get('r t')]).toEqual([1, 1]);
    expect([await get('r u'), await get('s t')]).toEqual([2, 3]);
    state.version = 'b';
    expect([await get('r t'), await get('r t')]).toEqual([4, 4]);
  });

  it('reads once for all who come at the same moment', async () => {
    const { get } = aCache();
    expect(await Promise.all([get('r t'), get('r t'), get('r t')])).toEqual([1, 1, 1]);
  });

  it('reads again after ten seconds, whatever the version says', async () => {
    const { get, state } = aCache();
    await get('r t');
    state.now = 9_999;
    expect(await get('r t')).toBe(1);
    state.now = 10_000;
    expect(await get('r t')).toBe(2);
  });

  it('keeps what was read before a change under the version before it', async () => {
    const state = { version: 'a', value: 'old' };
    let finish = (): void => undefined;
    const reading = new Promise<void>((resolve) => (finish = resolve));
    const cache = new VersionedCache<string>(MAX_WEIGHT);
    const get = (): Promise<string> =>
      cache.get(state.version, 'r t', async () => {
        const { value } = state;
        if (value === 'old') await reading;
        return { value, weight: 1 };
      });
    const before = get();
    Object.assign(state, { version: 'b', value: 'new' });
    expect(await get()).toBe('new');
    finish();
    expect(await before).toBe('old');
    expect(await get()).toBe('new');
  });

  it('keeps nothing that is too large, and starts over after a failure', async () => {
    const { get, state } = aCache();
    state.weight = MAX_WEIGHT + 1;
    expect([await get('r t'), await get('r t')]).toEqual([1, 2]);
    const shaky = new VersionedCache<number>(MAX_WEIGHT);
    await expect(shaky.get('a', 'r t', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await shaky.get('a', 'r t', () => Promise.resolve({ value: 1, weight: 1 }))).toBe(1);
  });
});
