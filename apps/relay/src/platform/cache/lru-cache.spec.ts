import { describe, expect, it } from 'vitest';
import { LruCache } from './lru-cache.js';

describe('LruCache', () => {
  it('lets go of what was not used for the longest time', () => {
    const cache = new LruCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
  });

  it('counts by weight, and what it replaces no more', () => {
    const cache = new LruCache<string>(5, (text) => text.length);
    cache.set('a', 'xxx');
    cache.set('a', 'xx');
    cache.set('b', 'xxx');
    expect(cache.size).toBe(2);
    cache.set('c', 'x');
    expect(cache.get('a')).toBeUndefined();
    cache.set('d', 'xxxxx');
    expect([cache.size, cache.get('d')]).toEqual([1, 'xxxxx']);
  });

  it('keeps nothing that is too heavy alone, which takes the place of nothing but what it replaces', () => {
    const cache = new LruCache<number>(2, (weight) => weight);
    cache.set('a', 1);
    cache.set('b', 1);
    cache.set('c', Infinity);
    cache.set('b', 3);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, undefined]);
    cache.set('d', 1);
    expect(cache.size).toBe(2);
  });
});
