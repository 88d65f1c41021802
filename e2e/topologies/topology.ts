import { randomBytes } from 'node:crypto';
import {
  killProcess,
  LoadBalancer,
  PostgresServer,
  RedisServer,
  RelayProcess,
  removeFolder,
  temporaryFolder,
} from '@pizzapi/testing';
import { ReplicatedRedis } from './replicated-redis.js';

/** A running product as its clients see it: one address, however many relays are behind it. */
export interface Topology {
  /** Where clients connect. */
  url: string;
  /** `PIZZAPI_HOME` of the first relay, and of a runner that is to enrol itself there. */
  home: string;
  relays: RelayProcess[];
  /** Ends Redis as a crash would and resolves when it runs again. */
  crashRedis(): Promise<void>;
  stop(): Promise<void>;
}

/** What `npm start` gives: one relay, SQLite, a Redis of its own. */
export async function oneRelay(env: Record<string, string> = {}): Promise<Topology> {
  await using started = new AsyncDisposableStack();
  const home = await temporaryFolder('one-relay');
  started.defer(() => removeFolder(home));
  const relay = started.use(await RelayProcess.start({ home, env }));
  const parts = started.move();
  return {
    url: relay.url,
    home,
    relays: [relay],
    crashRedis: () => crashOwnRedis(relay),
    stop: () => parts.disposeAsync(),
  };
}

/** {@link relays}, two of them. */
export function twoRelays(more: Record<string, string> = {}): Promise<Topology> {
  return relays(2, more);
}

/**
 * Relays behind a load balancer without sticky sessions, sharing one Redis and one PostgreSQL. The balancer knows those that are in
 * `relays` at the moment.
 */
export async function relays(
  count: number,
  more: Record<string, string> = {},
): Promise<Topology & { redis: RedisServer }> {
  const redis = await RedisServer.start();
  return { ...(await relaysAt(redis, count, { crash: () => redis.restart(), more })), redis };
}

/** Two relays at a Redis that has a replica, which takes over when Redis crashes. */
export async function failingOver(): Promise<Topology & { redis: ReplicatedRedis }> {
  const redis = await ReplicatedRedis.start();
  return { ...(await relaysAt(redis, 2, { crash: () => redis.failOver() })), redis };
}

async function relaysAt(
  redis: AsyncDisposable & { url: string },
  count: number,
  { crash, more = {} }: { crash: () => Promise<void>; more?: Record<string, string> },
): Promise<Topology> {
  await using started = new AsyncDisposableStack();
  started.use(redis);
  const postgres = started.use(await PostgresServer.start());
  const known: RelayProcess[] = [];
  const balancer = await LoadBalancer.start(() => known.map(({ port }) => port));
  const url = `http://localhost:${balancer.port}`;
  const env = { PIZZAPI_SECRET_KEY: randomBytes(32).toString('hex'), PIZZAPI_PUBLIC_URL: url, ...more };
  const homes: string[] = [];
  const all: RelayProcess[] = [];
  for (let number = 1; number <= count; number++) {
    const home = await temporaryFolder(`relay-${number}`);
    started.defer(() => removeFolder(home));
    homes.push(home);
    const relay = await RelayProcess.start({ home, redisUrl: redis.url, databaseUrl: postgres.url, env });
    all.push(started.use(relay));
  }
  // The first to go.
  started.use(balancer);
  known.push(...all);
  const parts = started.move();
  return { url, home: homes[0] ?? '', relays: known, crashRedis: crash, stop: () => parts.disposeAsync() };
}

/** The relay itself brings its Redis back. */
async function crashOwnRedis(relay: RelayProcess): Promise<void> {
  const killed = relay.redisPid();
  killProcess(killed);
  await relay.ownRedisOtherThan(killed);
}
