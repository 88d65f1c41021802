import type { UnnumberedSessionEvent } from '@pizzapi/protocol';
import { expect, it } from 'vitest';
import { EventOutbox } from './event-outbox.js';
import { fitEvent } from './fit-event.js';

const ts = '2026-01-01T00:00:00.000Z';
const result = (content: unknown, details: unknown = null, said: object = {}): UnnumberedSessionEvent => ({
  type: 'entry.appended',
  ts,
  data: {
    entryId: 'e1',
    kind: 'tool',
    ts,
    content: { role: 'toolResult', toolCallId: 't1', content, details },
    ...said,
  },
});
const image = (length: number) => ({ type: 'image', mimeType: 'image/png', data: 'A'.repeat(length) });
const text = (value: string) => ({ type: 'text', text: value });

it('what the relay takes stays as it is', () => {
  const event = result([text('x'.repeat(1_000_000)), image(5_000_000)]);
  expect(fitEvent(event)).toBe(event);
});

it('of what it would not take, images and long texts give way, and say so', () => {
  const event = fitEvent(result([text('seen'), ...Array.from({ length: 10 }, () => image(3_500_000)), image(8)]));
  const left = text('[image, image/png, left out: all in all it is too large to be shown]');
  expect(event).toEqual(result([text('seen'), ...Array.from({ length: 10 }, () => left), image(8)]));
  expect(JSON.stringify(fitEvent(result([text('x'.repeat(17_000_000))])))).toMatch(
    /^.{65536,66000}cut: it is longer\]/,
  );
  const many = Array.from({ length: 300 }, () => 'x'.repeat(64 * 1024));
  const deep = Object.fromEntries(many.map((value, at) => [`k${at}`, value]));
  expect(fitEvent(result([text('seen')], deep))).toMatchObject({
    data: { content: { role: 'toolResult', content: [text('[too large to be shown]')] } },
  });
});

it('text that gives way is told by its length, as data', () => {
  const images = Array.from({ length: 10 }, () => image(3_500_000));
  expect(fitEvent(result([text('seen'), ...images]))).not.toHaveProperty('data.outputBytes');
  expect(fitEvent(result([text('é'.repeat(100_000)), ...images]))).toHaveProperty('data.outputBytes', 200_000);
  expect(fitEvent(result([text('seen')], 'x'.repeat(17_000_000)))).not.toHaveProperty('data.outputBytes');
  const wasCut = result([text('x'.repeat(100_000)), ...images], null, { outputBytes: 5_000_000 });
  expect(fitEvent(wasCut)).toHaveProperty('data.outputBytes', 5_000_000);
});

it('no event of the outbox is larger, nor one that is recovered', () => {
  const outbox = new EventOutbox();
  outbox.add(result([image(30_000_000)]));
  outbox.resume(0, [result([image(30_000_000)])]);
  const batch = outbox.nextBatch();
  expect(batch).toHaveLength(2);
  expect(JSON.stringify(batch).length).toBeLessThan(2_000);
});
