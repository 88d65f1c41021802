import { expect, it, vi } from 'vitest';
import type { ChildEvent } from '../child/child-events.js';
import { turnBound } from './turn-bound.js';

const ended = (stopReason: string): ChildEvent => ({
  type: 'message_end',
  message: {
    role: 'assistant',
    content: [],
    stopReason,
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cost: { total: 0 } },
  },
});

it('the agent of a hook that goes on beyond its turns is ended, by a named error', () => {
  const end = vi.fn();
  const note = turnBound({ ofHook: { maxTurns: 2 } }, end);
  note(ended('toolUse'));
  note({ type: 'tool_execution_end', toolCallId: 'c', isError: false });
  expect(end).not.toHaveBeenCalled();
  note(ended('toolUse'));
  expect(end).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'subagent_failed' }));
});

it('its last turn may be its answer, and other subagents have as many as they need', () => {
  const end = vi.fn();
  const last = turnBound({ ofHook: { maxTurns: 1 } }, end);
  last(ended('stop'));
  const unbounded = turnBound({}, end);
  for (let turn = 0; turn < 100; turn += 1) unbounded(ended('toolUse'));
  expect(end).not.toHaveBeenCalled();
});
