import { Injectable } from '@nestjs/common';
import { AnsweringEnd, AskingEnd, DialRefusedError, forward, TunnelSocket } from '@pizzapi/tunnel';
import { PinoLogger } from 'nestjs-pino';
import { Presence } from '../../../platform/sockets/presence.js';
import { HopTokens } from './hop-tokens.js';
import { RunnerLinks } from './runner-links.js';

/** One connection carries the requests to all runners of a replica, so the limits of runners apply, not this one. */
const MAX_STREAMS = 100_000;
const HANDSHAKE_TIMEOUT_MS = 3_000;
const IDLE_MS = 60_000;

/** The other replica did not accept this one's token. */
export const REPLICA_REFUSED = 'replica_refused';

/** Connections between replicas, dialled when a request arrives here for a runner there, and kept as long as they are used. */
@Injectable()
export class ReplicaHops {
  /** Connections to other replicas. */
  private readonly dialled = new Map<string, Promise<AskingEnd>>();
  /** Connections from other replicas. */
  private readonly accepted = new Set<AnsweringEnd>();

  constructor(
    private readonly presence: Presence,
    private readonly tokens: HopTokens,
    private readonly links: RunnerLinks,
    private readonly logger: PinoLogger,
  ) {}

  /** @throws Error when the replica cannot be reached */
  async to(replicaId: string): Promise<AskingEnd> {
    const known = this.dialled.get(replicaId);
    const end = known && (await known.catch(() => null)); // reported to whoever dialled
    if (end?.isOpen) return end;
    if (this.dialled.get(replicaId) !== known) return this.to(replicaId);
    const dialling = this.dial(replicaId);
    this.dialled.set(replicaId, dialling);
    return dialling;
  }

  accept(replicaId: string, socket: TunnelSocket): void {
    const handler = forward({ connectionOf: (runnerId) => this.links.endOf(runnerId) });
    const end = AnsweringEnd.over(socket, handler, { maxStreams: MAX_STREAMS });
    this.accepted.add(end);
    void end.closed.then((reason) => {
      this.accepted.delete(end);
      this.logger.debug({ replicaId, reason }, 'A connection from another replica has ended');
    });
  }

  /** Resolves when all requests from other replicas have ended, or the time is over. */
  async drain(graceMs: number): Promise<void> {
    await Promise.all([...this.accepted].map((end) => end.drain(graceMs)));
  }

  /** Ends the connections to other replicas. */
  close(): void {
    for (const dialled of this.dialled.values())
      dialled.then(
        (end) => end.destroy('the relay stops'),
        () => undefined, // it was never connected
      );
  }

  private async dial(replicaId: string): Promise<AskingEnd> {
    const address = await this.presence.addressOf(replicaId);
    if (address === null) throw new Error('The replica that holds the tunnel of the runner is gone.');
    try {
      const headers = { authorization: `Bearer ${await this.tokens.sign()}` };
      const socket = await TunnelSocket.dial(`${address}/_tunnel`, {
        headers,
        handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
      });
      const end = AskingEnd.over(socket, { maxStreams: MAX_STREAMS });
      this.closeWhenIdle(end);
      return end;
    } catch (error) {
      this.tellWhy(error, address);
      throw error;
    }
  }

  private tellWhy(error: unknown, address: string): void {
    if (error instanceof DialRefusedError && error.status === 401)
      this.logger.error(
        { code: REPLICA_REFUSED, address },
        'Another replica refused this one: the two have different PIZZAPI_SECRET_KEY; give all replicas the same',
      );
    else
      this.logger.warn({ err: error, address }, 'Another replica cannot be reached; correct PIZZAPI_REPLICA_URL there');
  }

  private closeWhenIdle(end: AskingEnd): void {
    let wasIdle = false;
    const timer = setInterval(() => {
      if (end.openStreams === 0 && wasIdle) void end.drain(0);
      wasIdle = end.openStreams === 0;
    }, IDLE_MS);
    void end.closed.then(() => clearInterval(timer));
  }
}
