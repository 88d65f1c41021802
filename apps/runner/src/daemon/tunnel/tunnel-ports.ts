import { Injectable } from '@nestjs/common';
import { TunnelError, type TunnelTarget } from '@pizzapi/tunnel';
import { ServicesRegistry } from '../services/services.registry.js';
import { PortRules } from './port-rules.js';

/** Finds the port on this machine on which a tunnel's target listens at the moment. */
@Injectable()
export class TunnelPorts {
  constructor(
    private readonly services: ServicesRegistry,
    private readonly rules: PortRules,
  ) {}

  /**
   * Synchronous where nothing has to be looked up, because every request of a page passes through here.
   * @throws TunnelError `denied`, or `refused` for a service that has announced no panel
   */
  portOf(target: TunnelTarget): number | Promise<number> {
    const port = target.kind === 'port' ? target.port : this.panelOf(target.serviceId);
    return this.rules.isFree(port) ? port : this.checked(port);
  }

  private async checked(port: number): Promise<number> {
    const refusal = await this.rules.refusal(port);
    if (refusal !== null) throw new TunnelError('denied', refusal);
    return port;
  }

  private panelOf(serviceId: string): number {
    const panel = this.services.announcement.panels.find((known) => known.serviceId === serviceId);
    if (!panel) throw new TunnelError('refused', `The service ${serviceId} has no panel at the moment.`);
    return panel.port;
  }
}
