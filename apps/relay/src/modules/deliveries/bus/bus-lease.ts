import { readEntries, type StreamEntry } from '../../../platform/streams/stream-replies.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import type { Redis } from '../../../platform/redis/redis.js';
import { advanceBus, claimBus, releaseBus } from './runner-bus.scripts.js';

/** A dead reader's bus is taken over after this. */
export const LEASE_MS = 3_000;
export const ENTRIES_AT_A_TIME = 16;

const STATES = ['mine', 'mine before', 'free', 'taken'] as const;
/**
 * How one replica finds the lease of a bus. `mine before`: it is free, and nobody else has had it since this replica gave it back. `free`:
 * others may have read the bus meanwhile.
 */
export type LeaseState = (typeof STATES)[number];

export function isLeaseState(value: unknown): value is LeaseState {
  return STATES.some((state) => state === value);
}

/** The right of one replica to read a runner's bus and to remove entries from it. */
export class BusLease {
  constructor(
    private readonly redis: Redis,
    private readonly runnerId: string,
    private readonly token: string,
  ) {}

  /** Takes it and reads from the head of the bus. Null: another replica has it. Nothing is taken where nothing is on the bus. */
  async claim(): Promise<{ state: LeaseState; entries: StreamEntry[] } | null> {
    const reply = await claimBus.run(this.redis.commands, this.keys(), [this.token, LEASE_MS, ENTRIES_AT_A_TIME]);
    const [state, entries] = Array.isArray(reply) ? (reply as unknown[]) : [];
    return isLeaseState(state) ? { state, entries: readEntries(entries) } : null;
  }

  /**
   * Removes entries and reads what follows, unless there is no room for it.
   * @param isLast nothing is left open, so there is room: at the end of the bus the lease is given back
   * @returns null: it was lost
   */
  async advance(
    done: readonly string[],
    last: string,
    isLast: boolean,
    hasRoom = true,
  ): Promise<{ isGivenBack: boolean; entries: StreamEntry[] } | null> {
    const count = isLast || hasRoom ? ENTRIES_AT_A_TIME : 0;
    const args = [this.token, LEASE_MS, count, last, isLast ? '1' : '0', ...done];
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
