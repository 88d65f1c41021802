import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DoneOrders } from './done-orders.js';

it('remembers the last orders across restarts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orders-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'orders-done.json');
  const done = new DoneOrders(path);
  for (let i = 0; i < 501; i++) done.add(`${i}-0`);
  const next = new DoneOrders(path);
  expect([next.has('0-0'), next.has('1-0'), next.has('500-0')]).toEqual([false, true, true]);
});
