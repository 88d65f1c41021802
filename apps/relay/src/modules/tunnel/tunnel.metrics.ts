import { Counter, Gauge } from 'prom-client';
import { registry } from '../../platform/observability/metrics.js';

export const openTunnelStreams = new Gauge({
  name: 'pizzapi_tunnel_open_streams',
  help: 'Requests and WebSockets that go through tunnels now.',
  registers: [registry],
});

export const tunnelBytes = new Counter({
  name: 'pizzapi_tunnel_bytes_total',
  help: 'Bytes that went through tunnels, both ways.',
  registers: [registry],
});

export const refusedTunnelRequests = new Counter({
  name: 'pizzapi_tunnel_refused_total',
  help: 'Requests to tunnels that the relay answered itself, by why.',
  labelNames: ['reason'],
  registers: [registry],
});
