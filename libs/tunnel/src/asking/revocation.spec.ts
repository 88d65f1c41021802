import { expect, it } from 'vitest';
import { Revocation } from './revocation.js';

it('ends all that listen, once, and nothing that has ended before', () => {
  const revocation = new Revocation();
  const ended: string[] = [];
  const listenAs = (name: string): (() => void) => {
    const listener = (): void => void ended.push(name);
    revocation.listen(listener);
    return listener;
  };
  listenAs('first');
  const second = listenAs('second');
  listenAs('third');
  revocation.forget(second);
  revocation.forget(second);
  expect(revocation.isRevoked).toBe(false);
  revocation.revoke();
  revocation.revoke();
  expect(ended).toEqual(['first', 'third']);
  expect(revocation.isRevoked).toBe(true);
});

it('lets each take itself off while it ends', () => {
  const revocation = new Revocation();
  const ended: string[] = [];
  for (const name of ['first', 'second']) {
    const listener = (): void => {
      revocation.forget(listener);
      ended.push(name);
    };
    revocation.listen(listener);
  }
  revocation.revoke();
  expect(ended).toEqual(['first', 'second']);
});
