import { Injectable } from '@nestjs/common';
import { IdPrefix } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { type KeepsPanels, PanelKeepers, type RunnerPanels } from '../../runners/index.js';
import { newTunnelLabel } from './tunnel-label.js';
import { TunnelRepository } from './tunnel.repository.js';

/** Gives each announced panel of a service a permanent address. */
@Injectable()
export class KeepPanels implements KeepsPanels {
  constructor(
    private readonly tunnels: TunnelRepository,
    private readonly bus: EventBus,
    keepers: PanelKeepers,
  ) {
    keepers.register(this);
  }

  async panelsAnnounced({ runnerId, ownerId, organisationId, panels }: RunnerPanels): Promise<void> {
    const known = new Map((await this.tunnels.ofServices(runnerId)).map((row) => [row.serviceId, row.name]));
    const news = panels.filter(({ serviceId, label }) => known.get(serviceId) !== label);
    if (news.length === 0) return;
    await this.tunnels.insertForServices(
      news.map(({ serviceId, label }) => ({
        tunnelId: IdPrefix.tunnel + v7(),
        label: newTunnelLabel(),
        organisationId,
        ownerId,
        runnerId,
        sessionId: null,
        serviceId,
        port: null,
        name: label,
        openedBy: 'service',
        createdAt: new Date(),
      })),
    );
    await this.bus.publish('tunnels.changed', { runnerId });
  }
}
