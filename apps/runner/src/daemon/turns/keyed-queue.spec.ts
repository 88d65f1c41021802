import { expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.js';

it('keeps the order within a key, also after a failure, and lets other keys pass', async () => {
  const queue = new KeyedQueue();
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = queue.run('a', async () => {
    await gate.promise;
    seen.push('a1');
    throw new Error('a1 failed');
  });
  const second = queue.run('a', async () => seen.push('a2'));
  await queue.run('b', async () => seen.push('b1'));
  gate.resolve();
  await expect(first).rejects.toThrow('a1 failed');
  await second;
  expect(seen).toEqual(['b1', 'a1', 'a2']);
});
