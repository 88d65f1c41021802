import type { SessionEvent, UnnumberedSessionEvent } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { EventOutbox } from './event-outbox.js';

const ts = '2026-01-01T00:00:00.000Z';

function delta(text: string, messageId = 'm1'): UnnumberedSessionEvent {
  return { type: 'message.delta', ts, data: { messageId, index: 0, kind: 'text', delta: text } };
}

function entry(entryId: string, messageId?: string): UnnumberedSessionEvent {
  return {
    type: 'entry.appended',
    ts,
    data: { entryId, kind: 'assistant', ts, content: {}, ...(messageId && { messageId }) },
  };
}

function drain(outbox: EventOutbox): SessionEvent[] {
  const events: SessionEvent[] = [];
  for (let batch = outbox.nextBatch(); batch; batch = outbox.nextBatch()) events.push(...batch);
  return events;
}

function said(events: SessionEvent[]): [number, string][] {
  return events.map((event) => [
    event.seq,
    event.type === 'message.delta'
      ? event.data.delta
      : event.type === 'entry.appended'
        ? event.data.entryId
        : event.type,
  ]);
}

describe('the outbox', () => {
  it('gives no number before it knows where the log stands', () => {
    const outbox = new EventOutbox();
    outbox.add(delta('a'));
    expect(outbox.nextBatch()).toBeNull();
    expect(outbox.nextSeq).toBeNull();
  });

  it("goes on after the log's last number, recovered entries first", () => {
    const outbox = new EventOutbox();
    outbox.add(delta('a'));
    outbox.resume(41, [entry('lost')]);
    outbox.add(delta('b'));
    expect(said(drain(outbox))).toEqual([
      [42, 'lost'],
      [43, 'a'],
      [44, 'b'],
    ]);
    expect(outbox.nextSeq).toBe(42);
  });

  it('sends again, with the same numbers, what was not acknowledged', () => {
    const outbox = new EventOutbox();
    outbox.resume(0, []);
    for (const text of ['a', 'b', 'c', 'd']) outbox.add(delta(text));
    drain(outbox);
    outbox.acknowledge(1);
    outbox.add(delta('e'));
    outbox.resume(2, []);
    expect(outbox.nextSeq).toBe(3);
    expect(said(drain(outbox))).toEqual([
      [3, 'c'],
      [4, 'd'],
      [5, 'e'],
    ]);
    outbox.acknowledge(5);
    expect(outbox.isEmpty).toBe(true);
    expect(outbox.nextSeq).toBe(6);
  });

  it('renumbers what is not acknowledged where the log has lost entries or numbers', () => {
    const outbox = new EventOutbox();
    outbox.resume(0, []);
    outbox.add(entry('one'));
    outbox.add(entry('two'));
    drain(outbox);
    outbox.acknowledge(1);
    expect(outbox.unacknowledgedEntryIds(0)).toEqual(new Set(['two']));
    outbox.resume(0, [entry('one')]);
    expect(said(drain(outbox))).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
  });

  it('drops nothing when the log is ahead of every number it gave', () => {
    const outbox = new EventOutbox();
    outbox.resume(0, []);
    outbox.add(delta('a'));
    drain(outbox);
    outbox.resume(10, []);
    expect(said(drain(outbox))).toEqual([[11, 'a']]);
  });

  it('cuts batches at 512 events and at about 4 MB, but sends a larger event alone', () => {
    const outbox = new EventOutbox();
    outbox.resume(0, []);
    for (let i = 0; i < 600; i++) outbox.add(delta('x'));
    expect(outbox.nextBatch()).toHaveLength(512);
    expect(outbox.nextBatch()).toHaveLength(88);
    outbox.add(delta('x'.repeat(5_000_000)));
    outbox.add(delta('y'));
    expect(outbox.nextBatch()).toHaveLength(1);
    expect(outbox.nextBatch()).toHaveLength(1);
  });

  it('stays small while the relay is away: what streamed by is folded into its entries', () => {
    const outbox = new EventOutbox();
    outbox.resume(7, []);
    for (let message = 0; message < 100; message++) {
      for (let i = 0; i < 2_000; i++) outbox.add(delta('word ', `m${message}`));
      outbox.add(entry(`e${message}`, `m${message}`));
    }
    const events = drain(outbox);
    expect(events.length).toBeLessThan(45_000);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => 8 + index));
    expect(events.filter((event) => event.type === 'entry.appended')).toHaveLength(100);
  });

  it('never loses, doubles or reorders under random acknowledgements and reconnections', () => {
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const outbox = new EventOutbox();
    const log: string[] = [];
    outbox.resume(0, []);
    let added = 0;
    while (log.length < 5_000) {
      for (let i = random(20); i > 0; i--) outbox.add(delta(String(added++)));
      const batch = outbox.nextBatch() ?? [];
      for (const [seq, text] of said(batch)) if (seq === log.length + 1) log.push(text);
      if (random(3) === 0) outbox.acknowledge(log.length);
      if (random(10) === 0) outbox.resume(log.length, []);
    }
    expect(log).toEqual(log.map((_, index) => String(index)));
  });
});
