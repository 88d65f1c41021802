import { describe, expect, it } from 'vitest';
import { type Loaded, WantedCache } from './wanted-cache.js';

function aCache(): {
  cache: WantedCache<number>;
  state: { version: string; now: number; loads: number; weight: number };
} {
  const state = { version: 'a', now: 0, loads: 0, weight: 1 };
  const read = (): Promise<string> => Promise.resolve(state.version);
  const load = (): Promise<Loaded<number>> => Promise.resolve({ value: ++state.loads, weight: state.weight });
  return { cache: new WantedCache({ read }, load, () => state.now), state };
}

describe('WantedCache', () => {
  it('reads once for each version, runner and type', async () => {
    const { cache, state } = aCache();
    expect([await cache.get('r', 't'), await cache.get('r', 't')]).toEqual([1, 1]);
    expect([await cache.get('r', 'u'), await cache.get('s', 't')]).toEqual([2, 3]);
    state.version = 'b';
    expect([await cache.get('r', 't'), await cache.get('r', 't')]).toEqual([4, 4]);
  });

  it('reads once for all who come at the same moment', async () => {
    const { cache } = aCache();
    expect(await Promise.all([cache.get('r', 't'), cache.get('r', 't'), cache.get('r', 't')])).toEqual([1, 1, 1]);
  });

  it('reads again after ten seconds, whatever the version says', async () => {
    const { cache, state } = aCache();
    await cache.get('r', 't');
    state.now = 9_999;
    expect(await cache.get('r', 't')).toBe(1);
    state.now = 10_000;
    expect(await cache.get('r', 't')).toBe(2);
  });

  it('keeps what was read before a change under the version before it', async () => {
    const state = { version: 'a', value: 'old' };
    let finish = (): void => undefined;
    const reading = new Promise<void>((resolve) => (finish = resolve));
    const cache = new WantedCache<string>({ read: () => Promise.resolve(state.version) }, async () => {
      const { value } = state;
      if (value === 'old') await reading;
      return { value, weight: 1 };
    });
    const before = cache.get('r', 't');
    await Promise.resolve(); // it reads what is there now
    Object.assign(state, { version: 'b', value: 'new' });
    expect(await cache.get('r', 't')).toBe('new');
    finish();
    expect(await before).toBe('old');
    expect(await cache.get('r', 't')).toBe('new');
  });

  it('keeps nothing that is too large, and starts over after a failure', async () => {
    const { cache, state } = aCache();
    state.weight = 100 * 1024 * 1024;
    expect([await cache.get('r', 't'), await cache.get('r', 't')]).toEqual([1, 2]);
    let fails = true;
    const shaky = new WantedCache<number>({ read: () => Promise.resolve('a') }, () =>
      fails ? Promise.reject(new Error('away')) : Promise.resolve({ value: 1, weight: 1 }),
    );
    await expect(shaky.get('r', 't')).rejects.toThrow('away');
    fails = false;
    expect(await shaky.get('r', 't')).toBe(1);
  });
});
