import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { Trigger } from '@pizzapi/protocol';
import { LRUCache } from 'lru-cache';
import { PinoLogger } from 'nestjs-pino';
import { Replica } from '../../../platform/observability/replica.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { DirectDeliveries } from '../direct/direct-deliveries.js';
import type { NewDelivery } from '../inbox/new-delivery.js';
import type { Matches } from '../records/matches.js';
import { type Acceptance, type BusPlace, type TriggerRecord, TriggerRecords } from '../records/trigger-records.js';
import { itemFields } from './bus-entry.js';
import { BusIndex } from './bus-index.js';
import { BusLease, LEASE_MS, type LeaseState } from './bus-lease.js';
import { BusReader } from './bus-reader.js';
import { DeliverEntries } from './deliver-entries.js';

const MAX_REMEMBERED = 10_000;
/** How long a stop waits for the readers. What is left on a bus after that is read by another replica, or after the next start. */
const STOP_MS = 1_000;

/**
 * The triggers and inputs that were accepted for a runner's sessions, in the order of acceptance. One replica at a time, the holder of the lease,
 * reads them and fans them out. Whoever appends starts reading if nobody else does, so in quiet times that is the replica which accepted.
 *
 * A reader that has lost its lease without noticing may still send and append. That does no harm: its deliveries are the same, and in the same order,
 * as the new reader's; workers and inboxes take each delivery once; and only the holder of the lease removes entries.
 */
@Injectable()
export class RunnerBus implements BeforeApplicationShutdown {
  private readonly readers = new Map<string, { reader: BusReader; done: Promise<void> }>();
  /** By runner, since when this replica has been the only reader of the bus, in ms of `performance.now()`. */
  private readonly readSince = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  private isStopping = false;

  constructor(
    private readonly redis: Redis,
    private readonly replica: Replica,
    private readonly index: BusIndex,
    private readonly records: TriggerRecords,
    private readonly deliver: DeliverEntries,
    private readonly direct: DirectDeliveries,
    private readonly logger: PinoLogger,
  ) {}

  /** Puts what is unacknowledged into inboxes and releases the leases, as far as that can be done in a second. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    const reading = [...this.readers.values()];
    for (const { reader } of reading) reader.stop();
    const patience = new AbortController();
    await Promise.race([
      Promise.allSettled(reading.map(({ done }) => done)),
      pause(STOP_MS, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
  }

  /**
   * Accepts a trigger. Resolves once Redis holds it; its fan-out has started by then.
   * @param wantedVersion the version as of which it was matched: if that is outdated, nothing is accepted. Null: the matches count in any case.
   */
  async accept(
    runnerId: string,
    trigger: Trigger,
    matches: Matches,
    wantedVersion: string | null,
  ): Promise<Acceptance> {
    const acceptance = await this.records.accept(runnerId, trigger, matches, {
      ...(wantedVersion === null ? {} : { wantedVersion }),
      reader: { token: this.replica.id, leaseMs: LEASE_MS },
    });
    if (acceptance.kind === 'known') this.wake(runnerId);
    // Where another replica holds the lease, that one finds the trigger: it cannot give the lease back without reading to the end.
    if (acceptance.kind === 'accepted' && acceptance.place && acceptance.place.lease !== 'taken')
      this.offer(runnerId, acceptance.place, { trigger, matches, place: acceptance.place.id, settled: new Map() });
    return acceptance;
  }

  /** The matches of a trigger that was accepted before; null: it was not. */
  async known(runnerId: string, triggerId: string): Promise<Matches | null> {
    const matches = await this.records.matchesOf(runnerId, triggerId);
    if (matches) this.wake(runnerId);
    return matches;
  }

  /** Accepts something for one session. Resolves once Redis holds it; call {@link drain} or {@link wake} to have it delivered. */
  async append(runnerId: string, sessionId: string, item: NewDelivery): Promise<void> {
    await Promise.all([
      this.index.note(runnerId),
      this.redis.commands.xadd(runnerKeys.bus(runnerId), '*', ...itemFields(sessionId, item)),
    ]);
  }

  /** Fans out what is on the bus. Resolves once all of it was delivered, or when another replica turns out to be reading the bus. */
  async drain(runnerId: string): Promise<void> {
    const running = this.readers.get(runnerId);
    await (running?.reader.wake() ? running.done : this.begin(runnerId, this.newReader(runnerId)));
  }

  /** Like {@link drain}, for callers that do not wait. */
  wake(runnerId: string): void {
    this.drain(runnerId).catch((error: unknown) => this.readingFailed(runnerId, error));
  }

  private offer(runnerId: string, place: BusPlace, record: TriggerRecord): void {
    if (this.readers.get(runnerId)?.reader.offer(place, record)) return;
    const reader = this.newReader(runnerId);
    reader.offer(place, record);
    this.begin(runnerId, reader).catch((error: unknown) => this.readingFailed(runnerId, error));
  }

  private readingFailed(runnerId: string, error: unknown): void {
    this.logger.warn({ err: error, runnerId }, 'Reading a bus failed; it is read again shortly');
  }

  private newReader(runnerId: string): BusReader {
    const { deliver, direct } = this;
    const lease = new BusLease(this.redis, runnerId, this.replica.id);
    const sinceOf = (state: LeaseState): number => this.sinceOf(runnerId, state);
    const reader = new BusReader({ runnerId, lease, sinceOf, deliver, direct });
    if (this.isStopping) reader.stop();
    return reader;
  }

  private begin(runnerId: string, reader: BusReader): Promise<void> {
    // After the one before: should that have failed, it still has to release the lease, under the same token as this one's.
    const before = this.readers.get(runnerId)?.done;
    const done = (before ? before.then(noop, noop).then(() => reader.run()) : reader.run()).finally(() => {
      if (this.readers.get(runnerId)?.reader === reader) this.readers.delete(runnerId);
    });
    this.readers.set(runnerId, { reader, done });
    return done;
  }

  private sinceOf(runnerId: string, lease: LeaseState): number {
    const known = lease === 'free' ? undefined : this.readSince.get(runnerId);
    const since = known ?? performance.now();
    if (known === undefined) this.readSince.set(runnerId, since);
    return since;
  }
}

const noop = (): undefined => undefined;
