import type { UnnumberedSessionEvent } from '@pizzapi/protocol';
import { expect, it } from 'vitest';
import { compactEvents } from './compact-events.js';

const ts = '2026-01-01T00:00:00.000Z';
const model = { provider: 'demo', id: 'demo' };

it('keeps entries, the latest states and what is still in progress', () => {
  const events: UnnumberedSessionEvent[] = [
    { type: 'activity.changed', ts, data: { activity: 'working' } },
    { type: 'message.started', ts, data: { messageId: 'm1', model } },
    { type: 'message.delta', ts, data: { messageId: 'm1', index: 0, kind: 'text', delta: 'done' } },
    { type: 'entry.appended', ts, data: { entryId: 'e1', kind: 'assistant', ts, content: {}, messageId: 'm1' } },
    { type: 'tool.started', ts, data: { toolCallId: 't1', toolName: 'bash', args: {} } },
    { type: 'tool.output', ts, data: { toolCallId: 't1', delta: 'out' } },
    { type: 'tool.finished', ts, data: { toolCallId: 't1', isError: false, durationMs: 1 } },
    { type: 'message.started', ts, data: { messageId: 'm2', model } },
    {
      type: 'message.delta',
      ts,
      data: { messageId: 'm2', index: 0, kind: 'toolCall', delta: '{"a', toolName: 'bash', toolCallId: 't2' },
    },
    { type: 'message.delta', ts, data: { messageId: 'm2', index: 0, kind: 'toolCall', delta: '":1}' } },
    { type: 'message.delta', ts, data: { messageId: 'm2', index: 1, kind: 'text', delta: 'other block' } },
    { type: 'activity.changed', ts, data: { activity: 'idle' } },
  ];
  expect(compactEvents(events)).toEqual([
    events[3],
    events[4],
    events[6],
    events[7],
    {
      type: 'message.delta',
      ts,
      data: { messageId: 'm2', index: 0, kind: 'toolCall', delta: '{"a":1}', toolName: 'bash', toolCallId: 't2' },
    },
    events[10],
    events[11],
  ]);
});

it("joins a tool's output, minding resets", () => {
  const output = (delta: string, reset?: true): UnnumberedSessionEvent => ({
    type: 'tool.output',
    ts,
    data: { toolCallId: 't1', delta, ...(reset && { reset }) },
  });
  expect(compactEvents([output('a'), output('b'), output('c', true), output('d')])).toEqual([output('cd', true)]);
});
