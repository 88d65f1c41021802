import type { SubagentChange } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../events/delta-coalescer.js';
import { RunProgress } from './run-progress.js';

/** Time that passes when a test says so. */
class HandClock implements Clock {
  #nowMs = 0;
  #tasks: { atMs: number; task: () => void }[] = [];

  nowMs = (): number => this.#nowMs;

  after = (delayMs: number, task: () => void): (() => void) => {
    const entry = { atMs: this.#nowMs + delayMs, task };
    this.#tasks.push(entry);
    return () => (this.#tasks = this.#tasks.filter((it) => it !== entry));
  };

  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#tasks.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#nowMs = next.atMs;
      this.#tasks = this.#tasks.filter((it) => it !== next);
      next.task();
    }
    this.#nowMs = untilMs;
  }
}

function started() {
  const told: SubagentChange[] = [];
  const clock = new HandClock();
  const progress = new RunProgress('parallel', (change) => told.push(change), clock);
  return { told, clock, progress };
}
const call = (callId: string, state: 'running' | 'done' = 'running') => ({
  callId,
  toolName: 'bash',
  object: 'ls',
  state,
});

describe('the progress of a run', () => {
  it('is told as changes of one step, merged while little time has passed, a new state at once', () => {
    const { told, clock, progress } = started();
    progress.addStep('scout', 'Look.', null);
    expect(told).toEqual([
      { mode: 'parallel', step: 0, change: { agent: 'scout', task: 'Look.', startedBy: null, state: 'waiting' } },
    ]);
    clock.pass(200);
    progress.change(0, { words: 'a' });
    progress.change(0, { words: 'ab', calls: [call('1')], callCount: 1 });
    progress.change(0, { calls: [call('1', 'done'), call('2')], callCount: 2 });
    expect(told.slice(1)).toEqual([{ mode: 'parallel', step: 0, change: { words: 'a' } }]);
    clock.pass(200);
    expect(told.slice(2)).toEqual([
      {
        mode: 'parallel',
        step: 0,
        change: { words: 'ab', calls: [call('1', 'done'), call('2')], callCount: 2 },
      },
    ]);
    progress.change(0, { state: 'done' });
    expect(told.at(-1)?.change).toEqual({ state: 'done' });
    expect(progress.run.steps[0]).toMatchObject({ state: 'done', words: 'ab', calls: [call('1', 'done'), call('2')] });
  });

  it('is told ever more rarely, so that half an hour is about a thousand changes', () => {
    const { told, clock, progress } = started();
    progress.addStep('scout', 'Look.', null);
    for (let second = 0; second < 1_800; second += 1) {
      for (let tenth = 0; tenth < 10; tenth += 1) {
        progress.change(0, { words: `${second}.${tenth}` });
        clock.pass(100);
      }
    }
    expect(told.length).toBeLessThan(1_100);
    expect(told.length).toBeGreaterThan(500);
    // Never so rarely that it seems to stand still.
    clock.pass(5_000);
    expect(told.at(-1)?.change.words).toBe('1799.9');
  });

  it('keeps the latest calls only, and how many there were', () => {
    const { progress } = started();
    progress.addStep('scout', 'Look.', null);
    for (let at = 0; at < 100; at += 1) progress.change(0, { calls: [call(String(at))], callCount: at + 1 });
    const [step] = progress.run.steps;
    expect([step?.calls.length, step?.calls.at(-1)?.callId, step?.callCount]).toEqual([60, '99', 100]);
  });
});
