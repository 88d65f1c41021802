import { type Caller, callIdOf } from '../../approvals/caller.js';

interface Running {
  agentId: string | undefined;
  /** On the monotonic clock, in ms. */
  since: number;
}

/** More than any turn has at once: those beyond never end, because their turns were broken off. */
const MAX_CALLS = 1_000;

/** How long calls run, as hooks are told, without the time in which hooks and people decide about them. */
export class CallDurations {
  readonly #running = new Map<string, Running>();

  /** It was decided whether a call runs. Calls of one answer begin together, once the last of them is decided about. */
  decided(caller: Caller, runs: boolean): void {
    const { agentId } = caller;
    const since = performance.now();
    for (const call of this.#running.values()) if (call.agentId === agentId) call.since = since;
    if (!runs) return;
    const [oldest] = this.#running.keys();
    if (oldest !== undefined && this.#running.size >= MAX_CALLS) this.#running.delete(oldest);
    this.#running.set(keyOf(caller), { agentId, since });
  }

  /** In ms, for a call that has ended; null where it never ran. */
  ended(caller: Caller): number | null {
    const key = keyOf(caller);
    const call = this.#running.get(key);
    this.#running.delete(key);
    return call ? Math.round(performance.now() - call.since) : null;
  }
}

function keyOf(caller: Caller): string {
  return JSON.stringify([caller.agentId ?? null, callIdOf(caller)]);
}
