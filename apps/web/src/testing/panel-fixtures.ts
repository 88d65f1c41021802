import type { PanelDef, RunnerView, ServiceInfo, TunnelView } from '@pizzapi/protocol';
import { aRunner } from './fixtures';

/** A service of the runner `r1` that runs. */
export function aService(changes: Partial<ServiceInfo> = {}): ServiceInfo {
  return { id: 'orders', label: 'Orders', icon: 'box', state: 'running', error: null, hasPanel: true, ...changes };
}

export function aPanel(changes: Partial<PanelDef> = {}): PanelDef {
  return { serviceId: 'orders', label: 'Orders', icon: 'box', port: 41235, ...changes };
}

/** The runner `r1` with one service, its panel announced. */
export function aServingRunner(changes: Partial<RunnerView> = {}): RunnerView {
  return aRunner({ services: [aService()], panels: [aPanel()], ...changes });
}

/** The tunnel of that panel; with a `sessionId` one of a session. */
export function aTunnel(changes: Partial<TunnelView> = {}): TunnelView {
  return {
    tunnelId: 'tun_1',
    runnerId: 'r1',
    sessionId: null,
    serviceId: 'orders',
    port: 41235,
    name: 'Orders',
    ownerId: 'usr_1',
    openedBy: 'service',
    origin: 'http://label1.localhost:7492',
    url: 'http://localhost:7492/open-tunnel/label1',
    createdAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}
