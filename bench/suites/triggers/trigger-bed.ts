import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { BenchProcess } from '../../processes/bench-process.js';
import { createSession, openAccount } from '../../product/account.js';
import { RelayProcess } from '../../product/relay-process.js';

const Counted = Type.Object({ received: Type.Integer(), p50Ms: Type.Number(), p99Ms: Type.Number() });
const Raw = Type.Object({ p50Ms: Type.Number(), p99Ms: Type.Number(), perSecond: Type.Number() });
const Stalls = Type.Object({ p99Ms: Type.Number() });
const Listening = Type.Object({ port: Type.Integer() });
const AT_ONCE = 8;

/** What a caller needs to fire at them. */
export interface CallTarget {
  url: string;
  apiKey: string;
  type: string;
}

/** Sessions that wait for one trigger type, with their agents in a process of their own. */
export interface Subscribers extends AsyncDisposable {
  call: CallTarget;
  /** Waits until so many deliveries have arrived since the last count. */
  arrived(count: number): Promise<void>;
  /** Ages since the last count; throws when it were more or fewer. */
  count(wanted: number): Promise<{ p50Ms: number; p99Ms: number }>;
}

/** A relay with its Redis, a runner, and whoever fires. */
export interface TriggerBed extends AsyncDisposable {
  relay: RelayProcess;
  callers: BenchProcess;
  subscribe(count: number, type: string): Promise<Subscribers>;
  /** Sessions whose agents were there and left. */
  subscribeAway(count: number, type: string): Promise<CallTarget>;
  /** Fires so often, without anybody to receive it. */
  fill(target: CallTarget, times: number): Promise<void>;
  /** The baseline on the relay's own Redis, with a rest after each broadcast. */
  raw(
    sessions: number,
    broadcasts: number,
    restMs: number,
  ): Promise<{ p50Ms: number; p99Ms: number; perSecond: number }>;
  /** The other baseline: so many agents of a server that only emits to them. */
  emitted(count: number): Promise<Subscribers>;
  /** What the machine alone does to work that lasts so long, with a rest after each. @returns its p99 in milliseconds */
  stalls(times: number, lastsMs: number, restMs: number): Promise<number>;
}

export async function openTriggerBed(home: string): Promise<TriggerBed> {
  const stack = new AsyncDisposableStack();
  const relay = stack.use(await RelayProcess.start({ home }));
  const { api, runner } = await openAccount(relay.url);
  stack.defer(() => runner.stop());
  const callers = stack.use(await BenchProcess.start(new URL('./callers.process.js', import.meta.url)));
  const rawStreams = stack.use(await BenchProcess.start(new URL('./raw-streams.process.js', import.meta.url)));
  const computing = stack.use(
    await BenchProcess.start(new URL('../../processes/computing.process.js', import.meta.url)),
  );
  const emitter = stack.use(await BenchProcess.start(new URL('./emitter.process.js', import.meta.url)));
  const emitterUrl = `http://127.0.0.1:${(await emitter.ask('listen', {}, Listening)).port}`;
  const target = (type: string): CallTarget => ({
    url: `${relay.url}/api/runners/${runner.runnerId}/trigger-broadcast`,
    apiKey: api.apiKey ?? '',
    type,
  });

  const newSession = async (type: string): Promise<{ sessionId: string; token: string }> => {
    const sessionId = await createSession(api, runner.runnerId);
    const subscribed = await api.post(`/api/sessions/${sessionId}/trigger-subscriptions`, { triggerType: type });
    if (subscribed.status !== 201) throw new Error(`The subscription was answered ${subscribed.status}.`);
    return { sessionId, token: await runner.token(sessionId) };
  };
  const newSessions = async (count: number, type: string) => {
    const sessions: { sessionId: string; token: string }[] = [];
    while (sessions.length < count) {
      const batch = Math.min(AT_ONCE, count - sessions.length);
      sessions.push(...(await Promise.all(Array.from({ length: batch }, () => newSession(type)))));
    }
    return sessions;
  };
  const attach = async (url: string, sessions: { sessionId: string; token: string }[]): Promise<BenchProcess> => {
    const agents = await BenchProcess.start(new URL('./sessions.process.js', import.meta.url));
    await agents.do('open', { url, sessions });
    return agents;
  };

  return {
    relay,
    callers,
    subscribe: async (count, type) => {
      return subscribers(target(type), await attach(relay.url, await newSessions(count, type)));
    },
    emitted: async (count) => {
      const sessions = Array.from({ length: count }, () => ({ sessionId: crypto.randomUUID(), token: 'none' }));
      return subscribers({ url: emitterUrl, apiKey: 'none', type: 'bench' }, await attach(emitterUrl, sessions));
    },
    subscribeAway: async (count, type) => {
      const agents = await attach(relay.url, await newSessions(count, type));
      await agents[Symbol.asyncDispose]();
      return target(type);
    },
    fill: async (call, times) => {
      const fired = Type.Object({ count: Type.Integer() });
      for (let left = times; left > 0;) {
        const { count } = await callers.ask('steadily', { ...call, callers: AT_ONCE, seconds: 1, atMost: left }, fired);
        left -= count;
      }
    },
    raw: (sessions, broadcasts, restMs) =>
      rawStreams.ask('measure', { ...redisOf(home), sessions, broadcasts, restMs }, Raw),
    stalls: async (times, lastsMs, restMs) => (await computing.ask('stalls', { times, lastsMs, restMs }, Stalls)).p99Ms,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function subscribers(call: CallTarget, agents: BenchProcess): Subscribers {
  return {
    call,
    arrived: (count) => agents.do('reach', { count }),
    count: async (wanted) => {
      const counted = await agents.ask('count', {}, Counted);
      if (counted.received !== wanted) throw new Error(`${counted.received} deliveries instead of ${wanted}.`);
      return counted;
    },
    [Symbol.asyncDispose]: () => agents[Symbol.asyncDispose](),
  };
}

/** Where the relay's own Redis listens, from its folder. */
function redisOf(home: string): { socket: string; password: string } {
  const folder = join(home, 'relay', 'redis');
  const file = join(folder, 'redis.conf');
  const settings = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const value = (name: string): string | undefined => new RegExp(`^${name} "?([^"\\n]+)"?$`, 'm').exec(settings)?.[1];
  const socket = value('unixsocket');
  const password = value('requirepass');
  if (socket === undefined || password === undefined)
    throw new Error(`The relay's Redis has no readable settings: ${readdirSync(folder).join(', ')}.`);
  return { socket, password };
}
