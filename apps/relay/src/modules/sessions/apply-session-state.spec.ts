import type { SessionEvent } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { stateAfter } from './apply-session-state.js';

const ts = '2026-11-21T08:00:00.000Z';
const active = {
  status: 'active',
  activity: 'idle',
  startedAt: new Date(ts),
  spawnedSeq: 0,
  firstTurnAt: new Date(ts),
} as const;
const fresh = { status: 'pending', activity: null, startedAt: null, spawnedSeq: 0, firstTurnAt: null } as const;
const opened = (seq: number): SessionEvent => ({
  seq,
  ts,
  type: 'session.opened',
  data: { epoch: 1, isResumed: false },
});
const closed = (seq: number, reason: 'stopped' | 'shutdown' | 'failed' | 'paused' = 'stopped'): SessionEvent => ({
  seq,
  ts,
  type: 'session.closed',
  data: { reason },
});
const activity = (seq: number, is: 'working' | 'idle'): SessionEvent => ({
  seq,
  ts,
  type: 'activity.changed',
  data: { activity: is },
});

describe('stateAfter', () => {
  it('takes the last word on name, model and activity', () => {
    const events: SessionEvent[] = [
      activity(1, 'working'),
      { seq: 2, ts, type: 'name.changed', data: { name: 'One' } },
      { seq: 3, ts, type: 'name.changed', data: { name: 'Two' } },
      {
        seq: 4,
        ts,
        type: 'model.changed',
        data: { model: { provider: 'demo', id: 'd' }, name: 'Demo', contextWindow: 1 },
      },
      activity(5, 'idle'),
    ];
    expect(stateAfter(active, events)).toEqual({
      name: 'Two',
      modelProvider: 'demo',
      modelId: 'd',
      activity: 'idle',
      isInterrupted: false,
    });
  });

  it('starts a pending session when its worker has opened the file', () => {
    const change = stateAfter(fresh, [opened(1), activity(2, 'working')]);
    expect(change).toEqual({
      status: 'active',
      startedAt: new Date(ts),
      activity: 'working',
      failure: null,
      isInterrupted: false,
    });
  });

  it('ends a session that was stopped, and no other', () => {
    expect(stateAfter(active, [closed(9)])).toEqual({ status: 'ended', activity: null });
    expect(stateAfter(active, [closed(9, 'shutdown')])).toEqual({ activity: null });
    expect(stateAfter(active, [closed(9, 'failed')])).toEqual({ activity: null });
  });

  it('keeps a session active whose worker was unloaded', () => {
    expect(stateAfter(active, [closed(9, 'paused')])).toEqual({ activity: 'paused' });
    expect(stateAfter({ ...active, status: 'ended' }, [closed(9, 'paused')])).toEqual({});
  });

  it('lets a late end of an earlier run change nothing', () => {
    const resumed = { ...active, spawnedSeq: 9 } as const;
    expect(stateAfter(resumed, [activity(8, 'working'), closed(9)])).toEqual({ isInterrupted: false });
    expect(stateAfter(resumed, [closed(9), opened(10)])).toEqual({
      status: 'active',
      activity: 'idle',
      failure: null,
      startedAt: new Date(ts),
    });
  });

  it('does not wake what is over', () => {
    expect(stateAfter({ ...active, status: 'ended' }, [opened(1), activity(2, 'working')])).toEqual({
      isInterrupted: false,
    });
  });

  it('remembers an interrupted turn until the agent works again', () => {
    const interrupted: SessionEvent = { seq: 1, ts, type: 'turn.interrupted', data: {} };
    expect(stateAfter(active, [interrupted])).toEqual({ isInterrupted: true });
    expect(stateAfter(active, [interrupted, activity(2, 'working')])).toEqual({
      isInterrupted: false,
      activity: 'working',
    });
  });

  it('notes when a session first fell idle after working, within a batch and across batches', () => {
    const begun = [opened(1), activity(2, 'working')];
    const running = { ...fresh, ...stateAfter(fresh, begun) };
    expect(running.firstTurnAt).toBeNull();
    expect(stateAfter(running, [activity(3, 'idle')])).toMatchObject({ firstTurnAt: new Date(ts) });
    expect(stateAfter(fresh, [...begun, activity(3, 'idle')])).toMatchObject({ firstTurnAt: new Date(ts) });
    expect(stateAfter(active, [activity(4, 'working'), activity(5, 'idle')])).not.toHaveProperty('firstTurnAt');
  });

  it('counts an interrupted turn as the end of the first one, and idleness before it as none', () => {
    const interrupted: SessionEvent = { seq: 2, ts, type: 'turn.interrupted', data: {} };
    expect(stateAfter(fresh, [opened(1), interrupted])).toMatchObject({ firstTurnAt: new Date(ts) });
    expect(stateAfter(fresh, [opened(1), activity(2, 'idle')])).not.toHaveProperty('firstTurnAt');
  });
});
