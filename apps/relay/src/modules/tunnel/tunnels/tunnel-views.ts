import { Injectable } from '@nestjs/common';
import type { RunnerView, TunnelView } from '@pizzapi/protocol';
import { RunnerViews } from '../../runners/index.js';
import { TunnelAddresses } from './tunnel-addresses.js';
import type { TunnelEntity } from './tunnel.entity.js';

/** Tunnels as REST and agents see them: the row, and for services the current port. */
@Injectable()
export class TunnelViews {
  constructor(
    private readonly runners: RunnerViews,
    private readonly addresses: TunnelAddresses,
  ) {}

  async of(tunnel: TunnelEntity): Promise<TunnelView> {
    const [runner] = await this.runnersOf([tunnel]);
    return this.view(tunnel, runner);
  }

  /** Omits tunnels of services that their runner no longer has. */
  async ofMany(tunnels: readonly TunnelEntity[]): Promise<TunnelView[]> {
    const runners = new Map((await this.runnersOf(tunnels)).map((runner) => [runner.runnerId, runner]));
    return tunnels.flatMap((tunnel) => {
      const runner = runners.get(tunnel.runnerId);
      const isThere = tunnel.serviceId === null || runner?.services.some(({ id }) => id === tunnel.serviceId);
      return isThere ? [this.view(tunnel, runner)] : [];
    });
  }

  /** Only tunnels of services need their runner. */
  private async runnersOf(tunnels: readonly TunnelEntity[]): Promise<RunnerView[]> {
    const ofServices = tunnels.filter(({ serviceId }) => serviceId !== null);
    const found = await this.runners.byIds([...new Set(ofServices.map(({ runnerId }) => runnerId))]);
    return found.map(({ runner }) => runner);
  }

  private view(tunnel: TunnelEntity, runner: RunnerView | undefined): TunnelView {
    const { tunnelId, label, runnerId, sessionId, serviceId, name, ownerId, openedBy, createdAt } = tunnel;
    const panel = runner?.panels.find((known) => known.serviceId === serviceId);
    return {
      tunnelId,
      runnerId,
      sessionId,
      serviceId,
      port: serviceId === null ? tunnel.port : (panel?.port ?? null),
      name,
      ownerId,
      openedBy,
      origin: this.addresses.originOf(label),
      url: this.addresses.consolePageOf(label),
      createdAt: createdAt.toISOString(),
    };
  }
}
