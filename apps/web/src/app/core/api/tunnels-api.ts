import { Service, inject } from '@angular/core';
import { closeTunnel, getTunnel, issueTunnelTicket, listSessionTunnels, openTunnel } from '@pizzapi/api-client';
import type { TunnelTicket, TunnelView } from '@pizzapi/protocol';
import { isListAnswer } from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';
import { isTunnel, isTunnelTicket } from './tunnel-shapes';

const isTunnelList = isListAnswer('tunnels', isTunnel);

/** Ports of runners that can be reached through the relay. */
@Service()
export class TunnelsApi {
  private readonly relay = inject(RelayClient);

  /** The session's own, and the panels of its runner's services. */
  async ofSession(sessionId: string): Promise<TunnelView[]> {
    const { data } = await listSessionTunnels({ ...this.relay.options, path: { sessionId } });
    return expected(data, isTunnelList).tunnels;
  }

  /** By its id, or by the label in its address. */
  async get(tunnelId: string): Promise<TunnelView> {
    return expected((await getTunnel({ ...this.relay.options, path: { tunnelId } })).data, isTunnel);
  }

  /** The same port of the same session is the same tunnel again. */
  async open(sessionId: string, body: { port: number; name?: string }): Promise<TunnelView> {
    return expected((await openTunnel({ ...this.relay.options, path: { sessionId }, body })).data, isTunnel);
  }

  async close(tunnelId: string): Promise<void> {
    // After the time to undo it, this may be sent while the page is being closed.
    await closeTunnel({ ...this.relay.options, path: { tunnelId }, keepalive: true });
  }

  /** Lets this browser in, once. `path`: where to, percent-encoded. */
  async ticket(tunnelId: string, path?: string): Promise<TunnelTicket> {
    const body = path === undefined ? {} : { path };
    const { data } = await issueTunnelTicket({ ...this.relay.options, path: { tunnelId }, body });
    return expected(data, isTunnelTicket);
  }
}
