import { Namespace } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { createSession } from '../product/account.js';
import type { RelayProcess } from '../product/relay-process.js';
import { BenchProcess } from '../processes/bench-process.js';
import type { RelayApi, ScriptedRunner } from '@pizzapi/testing';

const Connected = Type.Object({ lastSeq: Type.Integer() });
const slowest = Compile(Type.Object({ slowestSeq: Type.Integer() }));
const Counted = Type.Object({
  received: Type.Integer(),
  missed: Type.Integer(),
  duplicates: Type.Integer(),
  stamped: Type.Integer(),
  p50Ms: Type.Number(),
  p99Ms: Type.Number(),
  maxMs: Type.Number(),
});

/** A server under measurement: what connects to it for one session, as worker and as viewer. */
export interface Target {
  url: string;
  viewerHeaders: Record<string, string>;
  /** A session and a worker's token for it. */
  session: () => Promise<{ sessionId: string; token: string }>;
}

export function relayTarget(relay: RelayProcess, api: RelayApi, runner: ScriptedRunner): Target {
  return {
    url: relay.url,
    viewerHeaders: { 'x-api-key': api.apiKey ?? '' },
    session: async () => {
      const sessionId = await createSession(api, runner.runnerId);
      return { sessionId, token: await runner.token(sessionId) };
    },
  };
}

/**
 * A bare Socket.IO server in a process of its own.
 * @param isBatched whether it passes a batch on as it came, or event by event
 */
export async function bareTarget(bare: BenchProcess, isBatched: boolean): Promise<Target> {
  const { port } = await bare.ask('listen', { isBatched }, Type.Object({ port: Type.Integer() }));
  const sessionId = crypto.randomUUID();
  return { url: `http://127.0.0.1:${port}`, viewerHeaders: {}, session: async () => ({ sessionId, token: '' }) };
}

/** A sender and viewers, each in a process of its own, attached to one session of one server. */
export class Link implements AsyncDisposable {
  private constructor(
    private readonly sender: BenchProcess,
    private readonly viewers: BenchProcess,
    private readonly viewerCount: number,
  ) {}

  static async open(target: Target, viewerCount: number): Promise<Link> {
    const { sessionId, token } = await target.session();
    const sender = await BenchProcess.start(new URL('./sender.process.js', import.meta.url));
    const { lastSeq } = await sender.ask('connect', { url: target.url + Namespace.agent, token, sessionId }, Connected);
    const viewers = await BenchProcess.start(new URL('./viewers.process.js', import.meta.url));
    await viewers.do('open', {
      url: target.url + Namespace.viewer,
      headers: target.viewerHeaders,
      sessionId,
      afterSeq: lastSeq,
      count: viewerCount,
    });
    viewers.onNews = (news) => {
      if (slowest.Check(news)) sender.tell('progress', news);
    };
    return new Link(sender, viewers, viewerCount);
  }

  /** @returns events per second that every viewer got; throws when one was missed */
  async burst(count: number, ahead: number): Promise<number> {
    const sent = await this.sender.ask(
      'burst',
      { count, ahead },
      Type.Object({ startedMs: Type.Number(), lastSeq: Type.Integer() }),
    );
    const { reachedMs } = await this.viewers.ask(
      'reach',
      { seq: sent.lastSeq },
      Type.Object({ reachedMs: Type.Number() }),
    );
    const counted = await this.count();
    if (counted.received !== count * this.viewerCount || counted.missed > 0) {
      throw new Error(
        `Of ${count * this.viewerCount} events ${counted.received} arrived, ${counted.missed} were jumped over.`,
      );
    }
    return count / ((reachedMs - sent.startedMs) / 1_000);
  }

  /** Sends at an even rate and waits until all has arrived. */
  async steady(load: { perSecond: number; seconds: number; isEven: boolean }): Promise<{ count: number }> {
    const sent = await this.sender.ask('steady', load, Type.Object({ count: Type.Integer(), lastSeq: Type.Integer() }));
    await this.viewers.do('reach', { seq: sent.lastSeq });
    return sent;
  }

  /** What the viewers have counted since the last time. */
  count() {
    return this.viewers.ask('count', {}, Counted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.viewers[Symbol.asyncDispose]();
    await this.sender[Symbol.asyncDispose]();
  }
}
