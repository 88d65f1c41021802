import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import type { AskingEnd } from '@pizzapi/tunnel';
import { type ProblemError, unavailable } from '../../../platform/http/problem.error.js';
import { Replica } from '../../../platform/observability/replica.js';
import { Presence } from '../../../platform/sockets/presence.js';
import { TunnelNews } from '../tunnel-news.js';
import { Arrivals } from './arrivals.js';
import { ReplicaHops } from './replica-hops.js';
import { RunnerLinks } from './runner-links.js';

/** How long to wait for the tunnel of a runner whose daemon is connected: it is about to reconnect, and pages need not notice. */
const ARRIVAL_MS = 2_000;
const GOOD_FOR_MS = 3_000;

/** Finds the connection to a runner: its own, or that of the replica to which it is connected. */
@Injectable()
export class FindConnection {
  /** The replicas of runners that are connected elsewhere. */
  private readonly elsewhere = new Map<string, { replicaId: string; untilMs: number }>();

  constructor(
    private readonly links: RunnerLinks,
    private readonly hops: ReplicaHops,
    private readonly arrivals: Arrivals,
    private readonly presence: Presence,
    private readonly replica: Replica,
    news: TunnelNews,
  ) {
    news.listen({
      onNews: (message) => ('runnerId' in message ? this.elsewhere.delete(message.runnerId) : undefined),
      onGap: () => this.elsewhere.clear(),
    });
  }

  /** @throws ProblemError `tunnel_offline` */
  async to(runnerId: string): Promise<AskingEnd> {
    const here = this.links.endOf(runnerId);
    if (here) return here;
    const { arrived, forget } = this.arrivals.expect(runnerId, ARRIVAL_MS);
    try {
      const found = await this.there(runnerId);
      if (found) return found;
      const isOnline = (await this.presence.holderOf('runners', runnerId)) !== null;
      if (!isOnline || !(await arrived)) throw offline();
      const come = this.links.endOf(runnerId) ?? (await this.there(runnerId));
      if (!come) throw offline();
      return come;
    } finally {
      forget();
    }
  }

  /** Drops the cached replica of a runner, which is no longer there. */
  forget(runnerId: string): void {
    this.elsewhere.delete(runnerId);
  }

  private async there(runnerId: string): Promise<AskingEnd | null> {
    const replicaId = await this.replicaOf(runnerId);
    if (replicaId === null || replicaId === this.replica.id) return null;
    try {
      return await this.hops.to(replicaId);
    } catch {
      // The reason has been logged by the hops.
      this.elsewhere.delete(runnerId);
      return null;
    }
  }

  private async replicaOf(runnerId: string): Promise<string | null> {
    const known = this.elsewhere.get(runnerId);
    if (known && known.untilMs > performance.now()) return known.replicaId;
    const holder = await this.presence.holderOf('tunnels', runnerId);
    if (!holder) return null;
    const { replicaId } = holder;
    this.elsewhere.set(runnerId, { replicaId, untilMs: performance.now() + GOOD_FOR_MS });
    return replicaId;
  }
}

function offline(): ProblemError {
  return unavailable(
    ProblemCode.tunnelOffline,
    'The runner of this tunnel is not connected; it comes back by itself once its machine is on and reaches the relay.',
    2,
  );
}
