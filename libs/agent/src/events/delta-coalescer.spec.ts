import type { UnnumberedSessionEvent } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { DeltaCoalescer, FRAME_MS, type Clock } from './delta-coalescer.js';

const TS = '2026-01-01T00:00:00.000Z';

function text(delta: string, index = 0): UnnumberedSessionEvent {
  return { type: 'message.delta', ts: TS, data: { messageId: 'm1', index, kind: 'text', delta } };
}

function output(delta: string, reset?: true): UnnumberedSessionEvent {
  return { type: 'tool.output', ts: TS, data: { toolCallId: 't1', delta, ...(reset && { reset }) } };
}

class ManualClock implements Clock {
  #nowMs = 0;
  #task: { atMs: number; run: () => void } | null = null;

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    this.#task = { atMs: this.#nowMs + delayMs, run };
    return () => (this.#task = null);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    if (!this.#task || this.#task.atMs > this.#nowMs) return;
    const { run } = this.#task;
    this.#task = null;
    run();
  }
}

function setUp(): { clock: ManualClock; sent: UnnumberedSessionEvent[]; coalescer: DeltaCoalescer } {
  const clock = new ManualClock();
  const sent: UnnumberedSessionEvent[] = [];
  return { clock, sent, coalescer: new DeltaCoalescer((event) => sent.push(event), clock) };
}

describe('DeltaCoalescer', () => {
  it('sends the first delta after a pause at once and merges the rest of the frame', () => {
    const { clock, sent, coalescer } = setUp();
    coalescer.push(text('a'));
    expect(sent).toEqual([text('a')]);
    coalescer.push(text('b'));
    clock.advance(5);
    coalescer.push(text('c'));
    expect(sent).toHaveLength(1);
    clock.advance(FRAME_MS - 5);
    expect(sent).toEqual([text('a'), text('bc')]);
  });

  it('never delays a delta after a quiet frame', () => {
    const { clock, sent, coalescer } = setUp();
    coalescer.push(text('a'));
    clock.advance(FRAME_MS);
    coalescer.push(text('b'));
    expect(sent).toEqual([text('a'), text('b')]);
  });

  it('keeps blocks apart and lets deltas out before any other event', () => {
    const { sent, coalescer } = setUp();
    coalescer.push(text('a'));
    coalescer.push(text('b'));
    coalescer.push(text('x', 1));
    coalescer.push(text('c'));
    const idle: UnnumberedSessionEvent = { type: 'activity.changed', ts: TS, data: { activity: 'idle' } };
    coalescer.push(idle);
    expect(sent).toEqual([text('a'), text('bc'), text('x', 1), idle]);
  });

  it('drops held tool output that a reset replaces, and keeps the reset when more follows', () => {
    const { sent, coalescer } = setUp();
    coalescer.push(output('1'));
    coalescer.push(output('2'));
    coalescer.push(output('new', true));
    coalescer.push(output('er'));
    coalescer.flush();
    expect(sent).toEqual([output('1'), output('newer', true)]);
  });

  it('keeps the name of a tool call that its first delta carries', () => {
    const { sent, coalescer } = setUp();
    coalescer.push(text('a'));
    const start: UnnumberedSessionEvent = {
      type: 'message.delta',
      ts: TS,
      data: { messageId: 'm1', index: 1, kind: 'toolCall', delta: '', toolName: 'bash', toolCallId: 't1' },
    };
    coalescer.push(start);
    coalescer.push({ ...start, data: { messageId: 'm1', index: 1, kind: 'toolCall', delta: '{}' } });
    coalescer.flush();
    expect(sent[1]?.data).toEqual({ ...start.data, delta: '{}' });
  });
});
