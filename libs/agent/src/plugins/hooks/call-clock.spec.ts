import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CallClock } from './call-clock.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

const call = (toolCallId: string, changes: { agentId?: string; callId?: string } = {}) => ({
  toolCallId,
  signal: undefined,
  ...changes,
});

it('a call runs from when it was decided about, once', () => {
  const clock = new CallClock();
  clock.decided(call('a'), true);
  vi.advanceTimersByTime(30);
  expect(clock.ended(call('a'))).toBe(30);
  expect(clock.ended(call('a'))).toBeNull();
});

it('one that was refused never ran', () => {
  const clock = new CallClock();
  clock.decided(call('a'), false);
  expect(clock.ended(call('a'))).toBeNull();
});

it('those of one answer run once the last of them is decided about, also where that is refused', () => {
  const clock = new CallClock();
  clock.decided(call('a'), true);
  clock.decided(call('of a subagent', { agentId: '1' }), true);
  vi.advanceTimersByTime(1_000);
  clock.decided(call('b'), true);
  vi.advanceTimersByTime(1_000);
  clock.decided(call('c'), false);
  vi.advanceTimersByTime(5);
  expect([clock.ended(call('a')), clock.ended(call('b'))]).toEqual([5, 5]);
  expect(clock.ended(call('of a subagent', { agentId: '1' }))).toBe(2_005);
});

it('calls of subagents that one call started are told apart', () => {
  const clock = new CallClock();
  clock.decided(call('a', { agentId: '1', callId: 'x' }), true);
  vi.advanceTimersByTime(10);
  clock.decided(call('a', { agentId: '2', callId: 'x' }), true);
  vi.advanceTimersByTime(10);
  expect(clock.ended(call('a', { agentId: '1', callId: 'x' }))).toBe(20);
  expect(clock.ended(call('a', { agentId: '2', callId: 'x' }))).toBe(10);
});
