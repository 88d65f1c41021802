import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StartSlots } from './start-slots.js';

let slots: StartSlots;
let begun: string[];
beforeEach(() => {
  vi.useFakeTimers();
  slots = new StartSlots(2, 1_000);
  begun = [];
});
afterEach(() => vi.useRealTimers());

/** Asks for all of them at once. */
function take(...sessionIds: string[]): void {
  for (const sessionId of sessionIds)
    void slots.take(sessionId).then((slot) => begun.push(slot ? sessionId : `not ${sessionId}`));
}

/** Lets everything that can go on go on. */
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

it('starts no more than allowed at once, in the order they came', async () => {
  take('a', 'b', 'c', 'd');
  await settled();
  expect(begun).toEqual(['a', 'b']);
  slots.opened('b');
  await settled();
  expect(begun).toEqual(['a', 'b', 'c']);
  slots.opened('a');
  slots.opened('a');
  await settled();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

it('goes on when a worker ends before it was open', async () => {
  const gone = await slots.take('a');
  take('b', 'c');
  await settled();
  expect(begun).toEqual(['b']);
  gone?.();
  gone?.();
  take('d');
  await settled();
  expect(begun).toEqual(['b', 'c']);
});

it('does not wait for ever for a worker that hangs', async () => {
  take('a', 'b', 'c');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toEqual(['a', 'b', 'c']);
});

it('gives up the start of a session that shall end, and takes its next one', async () => {
  take('a', 'b', 'c', 'd');
  const end = slots.withdraw('c');
  await settled();
  expect(begun).toEqual(['a', 'b', 'not c']);
  take('c');
  await settled();
  expect(begun.at(-1)).toBe('not c');
  end();
  take('c');
  slots.opened('a');
  slots.opened('b');
  await settled();
  expect(begun.slice(-2)).toEqual(['d', 'c']);
});

it('starts nothing more once it is closed', async () => {
  take('a', 'b', 'c');
  slots.close();
  take('d');
  await settled();
  expect(begun.toSorted()).toEqual(['a', 'b', 'not c', 'not d']);
});
