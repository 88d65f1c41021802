import { TestBed } from '@angular/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { SigilsApi } from '../../../core/api/sigils-api';
import { SigilResolutions } from './sigil-resolutions';

describe('SigilResolutions', () => {
  const waiting: ((title: string) => void)[] = [];
  const resolve = vi.fn(() => new Promise<{ title: string }>((answer) => waiting.push((title) => answer({ title }))));
  const make = (): SigilResolutions => {
    resolve.mockClear();
    waiting.length = 0;
    TestBed.configureTestingModule({ providers: [{ provide: SigilsApi, useValue: { resolve } }] });
    return TestBed.inject(SigilResolutions);
  };

  it('asks once for what is named often, whatever the order of params', async () => {
    const all = make();
    const first = all.of('r1', 'pr', { id: '1', params: { a: 'x', b: 'y' } });
    const second = all.of('r1', 'pr', { id: '1', params: { b: 'y', a: 'x' } });
    expect(second).toBe(first);
    expect(all.of('r1', 'pr', { id: '1', params: {} })).not.toBe(first);
    expect(all.of('r2', 'pr', { id: '1', params: { a: 'x', b: 'y' } })).not.toBe(first);
    first.show();
    second.show();
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    expect(resolve).toHaveBeenCalledExactlyOnceWith('r1', 'pr', '1', { a: 'x', b: 'y' });
  });

  it('asks for a few at a time, and for all in the end', async () => {
    const all = make();
    const many = Array.from({ length: 30 }, (_, id) => all.of('r1', 'pr', { id: String(id), params: {} }));
    for (const each of many) each.show();
    await vi.waitFor(() => expect(waiting).toHaveLength(4));
    for (let answered = 0; answered < 30; answered += 1) {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(answered));
      expect(waiting.length).toBeLessThanOrEqual(answered + 4);
      waiting[answered]?.(`title ${answered}`);
    }
    await vi.waitFor(() => expect(many.every(({ state }) => state.kind === 'known')).toBe(true));
  });

  it('forgets the oldest that nobody shows', () => {
    const all = make();
    const shown = all.of('r1', 'pr', { id: 'shown', params: {} });
    shown.listen(() => undefined);
    const idle = all.of('r1', 'pr', { id: 'idle', params: {} });
    for (let id = 0; id < 500; id += 1) all.of('r1', 'pr', { id: String(id), params: {} });
    expect(all.of('r1', 'pr', { id: 'shown', params: {} })).toBe(shown);
    expect(all.of('r1', 'pr', { id: 'idle', params: {} })).not.toBe(idle);
  });
});
