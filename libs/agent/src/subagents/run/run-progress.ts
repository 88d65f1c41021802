import {
  mergeCalls,
  mergeStepChanges,
  type SubagentChange,
  type SubagentMode,
  type SubagentRun,
  type SubagentStep,
  SubagentLimits,
} from '@pizzapi/protocol';
import { type Clock, systemClock } from '../../events/delta-coalescer.js';

type Change = SubagentChange['change'];

/** The first changes go out fast; of a long run, which the log has to keep until its end, fewer and fewer. */
const FIRST_GAP_MS = 80;
const GAP_GROWTH_MS = 5;
const MAX_GAP_MS = 5_000;

const NOTHING = { turns: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 };

/** The state of all steps of one call of the tool, and what of it is told to people: changes, merged per step and bounded in number. */
export class RunProgress {
  readonly run: SubagentRun;
  readonly #publish: (change: SubagentChange) => void;
  readonly #clock: Clock;
  readonly #held = new Map<number, Change>();
  #published = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | null = null;

  constructor(mode: SubagentMode, publish: (change: SubagentChange) => void, clock: Clock = systemClock) {
    this.run = { mode, steps: [] };
    this.#publish = publish;
    this.#clock = clock;
  }

  /** @returns the step's place among all. */
  addStep(agent: string, task: string, startedBy: number | null): number {
    const step: SubagentStep = {
      agent,
      task: task.slice(0, SubagentLimits.shownTask),
      startedBy,
      state: 'waiting',
      model: null,
      startedAt: null,
      endedAt: null,
      calls: [],
      callCount: 0,
      words: '',
      usage: NOTHING,
      problem: null,
      answer: null,
      notes: [],
    };
    const at = this.run.steps.push(step) - 1;
    this.#hold(at, { agent, task: step.task, startedBy, state: step.state });
    this.flush();
    return at;
  }

  step(at: number): SubagentStep {
    const step = this.run.steps[at];
    if (!step) throw new RangeError(`This run has no step ${at}.`);
    return step;
  }

  /** `calls` are those that came or changed. */
  change(at: number, change: Change): void {
    const step = this.step(at);
    const calls = change.calls ? mergeCalls(step.calls, change.calls) : step.calls;
    this.run.steps[at] = { ...step, ...change, calls };
    this.#hold(at, change);
    if (change.state !== undefined) this.flush();
    else this.#schedule();
  }

  /** Tells what is held, now. */
  flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#held.size === 0) return;
    this.#lastMs = this.#clock.nowMs();
    const held = [...this.#held];
    this.#held.clear();
    for (const [step, change] of held) {
      this.#published += 1;
      this.#publish({ mode: this.run.mode, step, change });
    }
  }

  #hold(at: number, change: Change): void {
    const held = this.#held.get(at);
    this.#held.set(at, held ? mergeStepChanges(held, change) : change);
  }

  #schedule(): void {
    const gapMs = Math.min(MAX_GAP_MS, FIRST_GAP_MS + this.#published * GAP_GROWTH_MS);
    const waitMs = this.#lastMs + gapMs - this.#clock.nowMs();
    if (waitMs <= 0) this.flush();
    else this.#cancelTimer ??= this.#clock.after(waitMs, () => this.flush());
  }
}
