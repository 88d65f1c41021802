import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Replica } from '../observability/replica.js';
import { presenceKeys } from '../redis/keys.js';
import { Redis } from '../redis/redis.js';
import { claimPresence, heldPresence, reclaimPresence, releasePresence, sweepPresence } from './presence.scripts.js';

/** What can be attached: a session's worker, a runner's daemon, a runner's tunnel. */
export type PresenceKind = 'agents' | 'runners' | 'tunnels';

/** The socket of something that is attached, and the replica that holds it. */
export interface Holder {
  replicaId: string;
  socketId: string;
}

export type LostListener = (ids: string[]) => Promise<void>;

const HEARTBEAT_MS = 2_000;
/** A replica that has not renewed itself for this long counts as dead, and what it held as detached. */
const LIFETIME_MS = 6_000;
/** How long a stop waits for Redis. */
const LEAVE_MS = 1_000;
const KINDS: readonly PresenceKind[] = ['agents', 'runners', 'tunnels'];
const NO_ADDRESS = '-';

/**
 * Tells all replicas what is attached where. A claim counts as long as its replica is alive; after a kill, any other replica clears what it held.
 * A replica that was wrongly taken for dead, because Redis was away for long, claims again what it still holds.
 */
@Injectable()
export class Presence implements OnModuleInit, OnApplicationShutdown {
  private readonly held: Record<PresenceKind, Map<string, string>> = {
    agents: new Map(),
    runners: new Map(),
    tunnels: new Map(),
  };
  private readonly listeners: Record<PresenceKind, LostListener[]> = { agents: [], runners: [], tunnels: [] };
  /** Replicas that were silent at the last sweep. Those that are still silent at the next one are cleared. */
  private suspects = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private hasLeft = false;
  private address = NO_ADDRESS;

  constructor(
    private readonly redis: Redis,
    private readonly replica: Replica,
    private readonly logger: PinoLogger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => {
      this.beat()
        .then(() => this.sweep())
        .catch((error: unknown) => this.logger.warn({ err: error }, 'Renewing the presence failed; retrying'));
    }, HEARTBEAT_MS);
  }

  /** Sets the address at which other replicas reach this one. */
  async listenAt(address: string): Promise<void> {
    this.address = address;
    await this.beat();
  }

  /** Null for a replica that is dead, or does not listen yet. */
  async addressOf(replicaId: string): Promise<string | null> {
    const address = await this.redis.commands.get(presenceKeys.replica(replicaId));
    return address === NO_ADDRESS ? null : address;
  }

  /**
   * The listener is called with ids whose replica has died, on any replica. It is called again until it has succeeded once, so it may be
   * called with the same ids twice.
   */
  whenLost(kind: PresenceKind, listener: LostListener): void {
    this.listeners[kind].push(listener);
  }

  /** Claims `id` for a socket of this replica, also if another one holds it. @returns the holder before, dead or alive */
  async claim(kind: PresenceKind, id: string, socketId: string): Promise<Holder | null> {
    this.held[kind].set(id, socketId);
    const before = await claimPresence.run(this.redis.commands, [presenceKeys[kind]], [id, this.valueOf(socketId)]);
    return typeof before === 'string' ? parseHolder(before) : null;
  }

  /** @returns true if the socket still held `id`, false if another one has claimed it since */
  async release(kind: PresenceKind, id: string, socketId: string): Promise<boolean> {
    if (this.held[kind].get(id) === socketId) this.held[kind].delete(id);
    return (await releasePresence.run(this.redis.commands, [presenceKeys[kind]], [id, this.valueOf(socketId)])) === 1;
  }

  async holderOf(kind: PresenceKind, id: string): Promise<Holder | null> {
    return (await this.holdersOf(kind, [id])).get(id) ?? null;
  }

  /** The holders of those ids that are attached to a living replica. */
  async holdersOf(kind: PresenceKind, ids: readonly string[]): Promise<Map<string, Holder>> {
    if (ids.length === 0) return new Map();
    const values = await this.redis.commands.hmget(presenceKeys[kind], ...ids);
    const holders = ids.flatMap((id, at) => {
      const holder = parseHolder(values[at] ?? '');
      return holder ? [{ id, holder }] : [];
    });
    const living = await this.living(new Set(holders.map(({ holder }) => holder.replicaId)));
    return new Map(holders.filter(({ holder }) => living.has(holder.replicaId)).map(({ id, holder }) => [id, holder]));
  }

  /** Which of these replicas are alive. */
  async living(replicaIds: ReadonlySet<string>): Promise<Set<string>> {
    const own = this.hasLeft ? [] : [this.replica.id];
    const others = [...replicaIds].filter((id) => !own.includes(id));
    const isAlive = await Promise.all(others.map((id) => this.redis.commands.exists(presenceKeys.replica(id))));
    return new Set([...own, ...others.filter((_, at) => isAlive[at] === 1)]);
  }

  /** All sockets are closed by now. What they have not released yet is released here. */
  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.hasLeft = true;
    const leave = async (): Promise<void> => {
      await this.redis.commands.del(presenceKeys.replica(this.replica.id));
      await this.bury(this.replica.id);
    };
    // An unreachable Redis must not hold up the stop; another replica clears what is left.
    await Promise.race([leave(), pause(LEAVE_MS, undefined, { ref: false })]);
  }

  private async beat(): Promise<void> {
    const { commands } = this.redis;
    const wasAlive = await commands.set(presenceKeys.replica(this.replica.id), this.address, 'PX', LIFETIME_MS, 'GET');
    if (wasAlive !== null) return;
    await commands.sadd(presenceKeys.replicas, this.replica.id);
    for (const kind of KINDS) {
      const claims = [...this.held[kind]].flatMap(([id, socketId]) => [id, this.valueOf(socketId)]);
      if (claims.length > 0) await reclaimPresence.run(commands, [presenceKeys[kind]], claims);
    }
  }

  private async sweep(): Promise<void> {
    const known = await this.redis.commands.smembers(presenceKeys.replicas);
    const living = await this.living(new Set(known));
    const silent = new Set(known.filter((id) => !living.has(id)));
    const dead = [...silent].filter((id) => this.suspects.has(id));
    this.suspects = silent;
    for (const replicaId of dead) {
      await this.bury(replicaId).catch((error: unknown) =>
        this.logger.warn({ err: error, replicaId }, 'Clearing what a replica held failed; it is done by a later sweep'),
      );
    }
  }

  /** Tells before it clears: who is cut short in between leaves it to the next sweep. Nobody takes a dead replica's claim for one. */
  private async bury(replicaId: string): Promise<void> {
    const { commands } = this.redis;
    for (const kind of KINDS) {
      const held = await heldPresence.run(commands, [presenceKeys[kind]], [`${replicaId}:`]);
      const ids = Array.isArray(held) ? held.filter((id) => typeof id === 'string') : [];
      if (ids.length === 0) continue;
      for (const listener of this.listeners[kind]) await listener(ids);
      // It was only silent, and holds what it held.
      if ((await this.living(new Set([replicaId]))).has(replicaId)) return;
      await sweepPresence.run(commands, [presenceKeys[kind]], [`${replicaId}:`]);
      this.logger.info({ replicaId, kind, count: ids.length }, 'Cleared what was attached to a replica that is gone');
    }
    // Last, so that a sweep that was cut short is repeated.
    await commands.srem(presenceKeys.replicas, replicaId);
  }

  private valueOf(socketId: string): string {
    return `${this.replica.id}:${socketId}`;
  }
}

function parseHolder(value: string): Holder | null {
  const at = value.indexOf(':');
  return at < 0 ? null : { replicaId: value.slice(0, at), socketId: value.slice(at + 1) };
}
