import { v7 } from 'uuid';
import { expect, it, vi } from 'vitest';
import { DeadLetterSink } from '../dead-letter-sink.js';
import type { DeliverApart } from './deliver-apart.js';
import { ReadEntryProcessor } from './read-entry.processor.js';

const runnerId = v7();
const entryId = '1700000000000-0';

function parts() {
  const bury = vi.fn(() => Promise.resolve());
  const sink = new DeadLetterSink();
  sink.register({ bury });
  const run = vi.fn(() => Promise.resolve());
  const processor = new ReadEntryProcessor({ run } as unknown as DeliverApart, sink);
  return { bury, run, processor };
}

it('delivers what an older replica could not read', async () => {
  const { bury, run, processor } = parts();
  const fields = ['trigger', 'trg_1'];
  await processor.process({ runnerId, entryId, fields }, { number: 1, isLast: false });
  expect(run).toHaveBeenCalledExactlyOnceWith(runnerId, { kind: 'trigger', triggerId: 'trg_1' });
  expect(bury).not.toHaveBeenCalled();
});

it.each([[['of-tomorrow', '{"a":1}']], [['item', '{"damaged']], [['item', '{"sessionId":"s","item":{}}']]])(
  'leaves %j to another replica, and buries it whole when none could read it',
  async (fields) => {
    const { bury, run, processor } = parts();
    const order = { runnerId, entryId, fields };
    await expect(processor.process(order, { number: 11, isLast: false })).rejects.toThrow(entryId);
    expect(bury).not.toHaveBeenCalled();
    await processor.process(order, { number: 12, isLast: true });
    expect(run).not.toHaveBeenCalled();
    const letter = {
      sessionId: '',
      item: { deliveryId: `entry_${runnerId}_${entryId}`, kind: 'input', runnerId, text: fields.join(' ') },
    };
    const reason = { code: 'malformed_message' };
    expect(bury).toHaveBeenCalledExactlyOnceWith(
      [expect.objectContaining({ ...letter, item: expect.objectContaining(letter.item) as unknown })],
      expect.objectContaining(reason),
      12,
    );
  },
);
