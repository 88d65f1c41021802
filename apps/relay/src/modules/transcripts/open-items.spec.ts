import type { SessionEvent, UnnumberedSessionEvent } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { applyToOpenItems, firstNeededSeq, type OpenItems } from './open-items.js';

const ts = '2026-11-30T08:00:00.000Z';
const model = { provider: 'demo', id: 'demo' };

function after(...events: UnnumberedSessionEvent[]): OpenItems {
  return events.map((event, at): SessionEvent => ({ ...event, seq: at + 1 })).reduce(applyToOpenItems, {});
}

const message = (messageId: string): UnnumberedSessionEvent => ({
  type: 'message.started',
  ts,
  data: { messageId, model },
});
const tool = (toolCallId: string): UnnumberedSessionEvent => ({
  type: 'tool.started',
  ts,
  data: { toolCallId, toolName: 'bash', args: {} },
});
const entry = (messageId: string): UnnumberedSessionEvent => ({
  type: 'entry.appended',
  ts,
  data: { entryId: `of ${messageId}`, kind: 'assistant', ts, content: {}, messageId },
});

describe('open items', () => {
  it('are what began and has no entry yet', () => {
    expect(after(message('1.1'), entry('1.1'))).toEqual({});
    expect(after(message('1.1'), entry('1.1'), tool('a'), tool('b'))).toEqual({ a: 3, b: 4 });
  });

  it('do not keep what a failed run has left, once the agent writes again', () => {
    const open = after(message('1.1'), entry('1.1'), tool('a'), message('1.2'), message('1.3'), entry('1.3'));
    expect(open).toEqual({});
    expect(firstNeededSeq(open, 6)).toBe(7);
  });

  it('keep a question to a person', () => {
    const approvalId = 'apr_01983c5e-0000-7000-8000-000000000001';
    expect(applyToOpenItems({ [approvalId]: 3, a: 4 }, { ...message('1.1'), seq: 9 })).toEqual({
      [approvalId]: 3,
      '1.1': 9,
    });
  });
});
