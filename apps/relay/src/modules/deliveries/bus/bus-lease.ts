import { readEntries, type StreamEntry } from '../../../platform/streams/stream-replies.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import type { Redis } from '../../../platform/redis/redis.js';
import { advanceBus, claimBus, releaseBus } from './runner-bus.scripts.js';

/** The bus of a reader that died is taken over after this. */
export const LEASE_MS = 3_000;
export const ENTRIES_AT_A_TIME = 16;

const STATES = ['mine', 'mine before', 'free', 'taken'] as const;
/**
 * How one replica finds the lease of a bus. `mine before`: it is free, and no other replica has held it since this one gave it back. `free`: other
 * replicas may have read the bus in the meantime.
 */
export type LeaseState = (typeof STATES)[number];

export function isLeaseState(value: unknown): value is LeaseState {
  return STATES.some((state) => state === value);
}

export interface AdvanceOptions {
  /** Ids of the entries to remove. */
  done: readonly string[];
  /** The last entry that was read. */
  last: string;
  /** Nothing that was read is still open: at the end of the bus the lease is given back. */
  isIdle: boolean;
  /** Whether to read on. An idle reader always does. */
  hasRoom: boolean;
}

/** One replica's exclusive right to read a runner's bus and to remove entries from it. */
export class BusLease {
  constructor(
    private readonly redis: Redis,
    private readonly runnerId: string,
    private readonly token: string,
  ) {}

  /** Takes the lease and reads from the head of the bus; an empty bus is not leased. Null: another replica holds the lease. */
  async claim(): Promise<{ state: LeaseState; entries: StreamEntry[] } | null> {
    const reply = await claimBus.run(this.redis.commands, this.keys(), [this.token, LEASE_MS, ENTRIES_AT_A_TIME]);
    const [state, entries] = Array.isArray(reply) ? (reply as unknown[]) : [];
    return isLeaseState(state) ? { state, entries: readEntries(entries) } : null;
  }

  /**
   * Removes entries, reads on, and renews the lease, all in one step.
   * @returns null when another replica has taken the lease over
   */
  async advance({
    done,
    last,
    isIdle,
    hasRoom,
  }: AdvanceOptions): Promise<{ isGivenBack: boolean; entries: StreamEntry[] } | null> {
    const count = isIdle || hasRoom ? ENTRIES_AT_A_TIME : 0;
    const args = [this.token, LEASE_MS, count, last, isIdle ? '1' : '0', ...done];
    const reply = await advanceBus.run(this.redis.commands, this.keys(), args);
    if (!Array.isArray(reply)) return null;
    const [isGivenBack, entries] = reply as unknown[];
    return { isGivenBack: isGivenBack === '1', entries: readEntries(entries) };
  }

  async release(): Promise<void> {
    await releaseBus.run(this.redis.commands, this.keys().slice(0, 1), [this.token]);
  }

  private keys(): string[] {
    return [runnerKeys.busLease(this.runnerId), runnerKeys.bus(this.runnerId)];
  }
}
