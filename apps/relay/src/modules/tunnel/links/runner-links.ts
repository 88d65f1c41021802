import { Injectable } from '@nestjs/common';
import { AskingEnd, type TunnelSocket } from '@pizzapi/tunnel';
import { PinoLogger } from 'nestjs-pino';
import { v7 } from 'uuid';
import { RelayConfig } from '../../../config/config.js';
import { Presence } from '../../../platform/sockets/presence.js';
import { type AnyCaller, EndedCredentials, isSameCredential, LiveCredentials, whenExpired } from '../../auth/index.js';
import { type News, TunnelNews } from '../tunnel-news.js';

/** A runner's connection to this replica. */
interface RunnerLink {
  readonly connectionId: string;
  readonly runnerId: string;
  readonly caller: AnyCaller;
  readonly end: AskingEnd;
}

/** How long exchanges may continue on an older connection of a runner after a newer one was opened. */
const OUTLIVE_MS = 24 * 3_600_000;

/**
 * The runners' connections to this replica. If a runner has several, on any replica, the newest gets all new requests; an older one is closed
 * when its last exchange has ended.
 */
@Injectable()
export class RunnerLinks {
  /** The connections for new requests. */
  private readonly current = new Map<string, RunnerLink>();
  /** All connections, including older ones that only finish their exchanges. */
  private readonly all = new Set<RunnerLink>();
  private isStopping = false;

  constructor(
    private readonly presence: Presence,
    private readonly news: TunnelNews,
    private readonly credentials: LiveCredentials,
    private readonly config: RelayConfig,
    private readonly logger: PinoLogger,
    ended: EndedCredentials,
  ) {
    ended.listen({
      onEnded: (credential) => this.destroy(({ caller }) => isSameCredential(caller.credential, credential), REVOKED),
      onGap: () => this.all.forEach((link) => this.check(link)),
    });
    news.listen({
      onNews: (message) => this.onNews(message),
      onGap: () => this.all.forEach((link) => this.review(link)),
    });
  }

  /** The connection for new requests; null if this replica has none. */
  endOf(runnerId: string): AskingEnd | null {
    const end = this.current.get(runnerId)?.end;
    return end?.isOpen ? end : null;
  }

  /** Adds a connection of a runner that was admitted with this credential. */
  async attach(runnerId: string, caller: AnyCaller, socket: TunnelSocket): Promise<void> {
    const end = AskingEnd.over(socket, { maxStreams: this.config.tunnelLimits.streamsPerRunner });
    const link: RunnerLink = { connectionId: v7(), runnerId, caller, end };
    this.all.add(link);
    const callOff = whenExpired(caller.credential.expiresAt, () => end.destroy('its key has expired'));
    end.closed
      .then((reason) => {
        callOff();
        return this.detach(link, reason);
      })
      .catch((error: unknown) => this.logger.error({ err: error, runnerId }, "A runner's tunnel left a trace"));
    if (this.isStopping) return end.destroy('the relay stops');
    this.retire(this.current.get(runnerId));
    this.current.set(runnerId, link);
    await this.presence.claim('tunnels', runnerId, link.connectionId);
    await this.news.tell({ news: 'attached', runnerId, connectionId: link.connectionId });
    this.logger.info({ runnerId }, 'A runner has connected its tunnel');
    // The credential may have been revoked in the meantime.
    this.check(link);
  }

  /** Sends runners to another replica. Resolves when their exchanges here have ended or the time is over. */
  async drain(graceMs: number): Promise<void> {
    this.isStopping = true;
    await Promise.all([...this.all].map(({ end }) => end.drain(graceMs)));
  }

  private async detach(link: RunnerLink, reason: string): Promise<void> {
    const { runnerId, connectionId } = link;
    this.all.delete(link);
    if (this.current.get(runnerId) === link) this.current.delete(runnerId);
    this.logger.info({ runnerId, reason }, "A runner's tunnel has ended");
    await this.presence.release('tunnels', runnerId, connectionId);
  }

  private onNews(message: News): void {
    if (message.news === 'runner-removed')
      this.destroy(({ runnerId }) => runnerId === message.runnerId, 'the runner was removed');
    if (message.news !== 'attached') return;
    const link = this.current.get(message.runnerId);
    if (link && link.connectionId !== message.connectionId) this.review(link);
  }

  /** Checks whether a newer connection exists on another replica. The message itself may be older than this connection. */
  private review(link: RunnerLink): void {
    this.presence
      .holderOf('tunnels', link.runnerId)
      .then((holder) => {
        if (holder && holder.socketId !== link.connectionId) this.retire(link);
      })
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'Could not find out which tunnel of a runner is the newest'),
      );
  }

  private retire(link: RunnerLink | undefined): void {
    if (!link) return;
    if (this.current.get(link.runnerId) === link) this.current.delete(link.runnerId);
    void link.end.drain(OUTLIVE_MS);
  }

  private check(link: RunnerLink): void {
    const { caller, end } = link;
    this.credentials
      .callerOf(caller.credential, caller.kind === 'person' ? caller.userId : '')
      .then((now) => {
        if (!now) end.destroy(REVOKED);
      })
      .catch((error: unknown) => this.logger.warn({ err: error }, "Could not look at the key of a runner's tunnel"));
  }

  private destroy(isMeant: (link: RunnerLink) => boolean, reason: string): void {
    for (const link of [...this.all]) if (isMeant(link)) link.end.destroy(reason);
  }
}

const REVOKED = 'its key was revoked';
