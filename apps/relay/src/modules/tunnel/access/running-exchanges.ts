import type { Duplex } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { Revocation } from '@pizzapi/tunnel';
import { PinoLogger } from 'nestjs-pino';
import { RelayConfig } from '../../../config/config.js';
import { unavailable } from '../../../platform/http/problem.error.js';
import { Sweep } from '../../../platform/queues/sweep.js';
import { EndedCredentials, isSameCredential } from '../../auth/index.js';
import { openTunnelStreams } from '../tunnel.metrics.js';
import { type News, TunnelNews } from '../tunnel-news.js';
import { FindReach } from './find-reach.js';
import type { Reach } from './reach.js';

/** How often running exchanges are checked, in addition to messages: these can be missed, and the expiry of a key causes none. */
const LOOK_EVERY_MS = 10_000;

export interface RunningExchange {
  /** Aborts when the exchange may not continue. */
  revocation: Revocation;
  /** To be called when it has ended. */
  end(): void;
}

interface Entry {
  reach: Reach;
  /** The client's connection. */
  connection: Duplex;
  revocation: Revocation;
}

/** All requests and WebSockets through tunnels on this replica. Limits their number, and ends those that may not continue. */
@Injectable()
export class RunningExchanges implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly running = new Set<Entry>();
  private readonly perCaller = new Map<string, number>();
  private readonly sweep: Sweep;
  private whenEmpty: () => void = () => undefined;

  constructor(
    private readonly find: FindReach,
    private readonly config: RelayConfig,
    credentials: EndedCredentials,
    news: TunnelNews,
    logger: PinoLogger,
  ) {
    this.sweep = new Sweep(
      () => this.look(),
      { description: 'Looking after open tunnels', everyMs: LOOK_EVERY_MS },
      logger,
    );
    credentials.listen({
      onEnded: (credential) => this.revoke(({ reach }) => isSameCredential(reach.credential, credential)),
      onGap: () => this.sweep.wake(),
    });
    news.listen({ onNews: (message) => this.onNews(message), onGap: () => this.sweep.wake() });
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  /** @throws ProblemError `tunnel_busy` if the caller has reached the limit */
  begin(reach: Reach, connection: Duplex): RunningExchange {
    const { userId } = reach;
    const before = this.perCaller.get(userId) ?? 0;
    if (before >= this.config.tunnelLimits.streamsPerCaller)
      throw unavailable(
        ProblemCode.tunnelBusy,
        `You have ${before} requests and sockets open through tunnels, as many as you may; close some, or raise PIZZAPI_TUNNEL_STREAMS_PER_CALLER.`,
        1,
      );
    this.perCaller.set(userId, before + 1);
    const entry = { reach, connection, revocation: new Revocation() };
    this.running.add(entry);
    openTunnelStreams.set(this.running.size);
    return { revocation: entry.revocation, end: () => this.end(entry) };
  }

  get connections(): Iterable<Duplex> {
    return [...this.running].map(({ connection }) => connection);
  }

  /** Resolves when all have ended; those that take longer than the grace period are ended. */
  async drain(graceMs: number): Promise<void> {
    if (this.running.size === 0) return;
    const timer = setTimeout(() => this.revoke(() => true), graceMs);
    await new Promise<void>((resolve) => (this.whenEmpty = resolve));
    clearTimeout(timer);
  }

  private end(entry: Entry): void {
    if (!this.running.delete(entry)) return;
    const { userId } = entry.reach;
    const left = (this.perCaller.get(userId) ?? 1) - 1;
    if (left > 0) this.perCaller.set(userId, left);
    else this.perCaller.delete(userId);
    openTunnelStreams.set(this.running.size);
    if (this.running.size === 0) this.whenEmpty();
  }

  private onNews(message: News): void {
    if (message.news === 'closed') this.revoke(({ reach }) => message.tunnelIds.includes(reach.tunnel.tunnelId));
    if (message.news === 'policy-changed') this.sweep.wake();
    if (message.news === 'runner-removed') this.revoke(({ reach }) => reach.tunnel.runnerId === message.runnerId);
  }

  private revoke(isMeant: (entry: Entry) => boolean): void {
    for (const entry of [...this.running]) if (isMeant(entry)) entry.revocation.revoke();
  }

  private async look(): Promise<void> {
    const groups = Map.groupBy(this.running, ({ reach }) =>
      JSON.stringify([reach.tunnel.tunnelId, reach.userId, reach.credential]),
    );
    for (const entries of groups.values()) {
      const [first] = entries;
      if (first && !(await this.find.isGood(first.reach))) for (const { revocation } of entries) revocation.revoke();
    }
  }
}
