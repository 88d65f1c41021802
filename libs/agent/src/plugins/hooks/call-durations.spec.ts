import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CallDurations } from './call-durations.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

const call = (toolCallId: string, changes: { agentId?: string; callId?: string } = {}) => ({
  toolCallId,
  signal: undefined,
  ...changes,
});

it('a call runs from when it was decided about, once', () => {
  const durations = new CallDurations();
  durations.decided(call('a'), true);
  vi.advanceTimersByTime(30);
  expect(durations.ended(call('a'))).toBe(30);
  expect(durations.ended(call('a'))).toBeNull();
});

it('one that was refused never ran', () => {
  const durations = new CallDurations();
  durations.decided(call('a'), false);
  expect(durations.ended(call('a'))).toBeNull();
});

it('those of one answer run once the last of them is decided about, also where that is refused', () => {
  const durations = new CallDurations();
  durations.decided(call('a'), true);
  durations.decided(call('of a subagent', { agentId: '1' }), true);
  vi.advanceTimersByTime(1_000);
  durations.decided(call('b'), true);
  vi.advanceTimersByTime(1_000);
  durations.decided(call('c'), false);
  vi.advanceTimersByTime(5);
  expect([durations.ended(call('a')), durations.ended(call('b'))]).toEqual([5, 5]);
  expect(durations.ended(call('of a subagent', { agentId: '1' }))).toBe(2_005);
});

it('calls of subagents that one call started are told apart', () => {
  const durations = new CallDurations();
  durations.decided(call('a', { agentId: '1', callId: 'x' }), true);
  vi.advanceTimersByTime(10);
  durations.decided(call('a', { agentId: '2', callId: 'x' }), true);
  vi.advanceTimersByTime(10);
  expect(durations.ended(call('a', { agentId: '1', callId: 'x' }))).toBe(20);
  expect(durations.ended(call('a', { agentId: '2', callId: 'x' }))).toBe(10);
});
