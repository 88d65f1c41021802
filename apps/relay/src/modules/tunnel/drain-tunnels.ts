import type { Server } from 'node:http';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';
import { RelayConfig } from '../../config/config.js';
import { HttpDrain } from '../../platform/http/http-drain.js';
import { RunningExchanges } from './access/running-exchanges.js';
import { Carry } from './carrying/carry.js';
import { ReplicaHops } from './links/replica-hops.js';
import { RunnerLinks } from './links/runner-links.js';
import { TunnelEntrance } from './links/tunnel.entrance.js';

/**
 * When the relay stops: accepts no new connections, sends the runners to another replica, and lets running exchanges finish within the grace
 * period.
 */
@Injectable()
export class DrainTunnels implements BeforeApplicationShutdown {
  constructor(
    private readonly entrance: TunnelEntrance,
    private readonly links: RunnerLinks,
    private readonly hops: ReplicaHops,
    private readonly exchanges: RunningExchanges,
    private readonly carry: Carry,
    private readonly config: RelayConfig,
    private readonly host: HttpAdapterHost<AbstractHttpAdapter<Server>>,
    http: HttpDrain,
  ) {
    http.spare(() => entrance.connections);
    http.spare(() => exchanges.connections);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const graceMs = this.config.tunnelDrainMs;
    this.entrance.close();
    this.carry.stop();
    // Not awaited here, as it takes until all connections have ended.
    void this.host.httpAdapter.close();
    await Promise.all([this.links.drain(graceMs), this.hops.drain(graceMs), this.exchanges.drain(graceMs)]);
    this.hops.close();
  }
}
