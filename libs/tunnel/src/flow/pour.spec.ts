import { Readable, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { pour } from './pour.js';
import { uploadAhead } from './upload-ahead.js';

const KIB = 1024;

/** What a goal that finishes no write is given before its source is paused. */
async function takenInto({ ahead }: { ahead: number }): Promise<number> {
  const from = new Readable({ read: () => from.push(Buffer.alloc(16 * KIB)) });
  const stuck = new Writable({ highWaterMark: 64 * KIB, write: () => undefined });
  pour(from, stuck, [], ahead);
  while (!from.isPaused()) await nextTurn();
  return stuck.writableLength;
}

describe('pouring', () => {
  it('rests when the goal asks for it', async () => {
    expect(await takenInto({ ahead: 0 })).toBe(64 * KIB);
  });

  it('may run ahead of it, and no further', async () => {
    expect(await takenInto({ ahead: 256 * KIB })).toBe(256 * KIB);
  });

  it('runs ahead in the first 64 uploads only, so that all together hold little', () => {
    expect(uploadAhead(64)).toBe(256 * KIB);
    expect(uploadAhead(65)).toBe(0);
  });
});
