import { Counter, collectDefaultMetrics, Registry } from 'prom-client';

/** The relay's own registry, served at `/metrics`. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry, prefix: 'pizzapi_' });

export const malformedMessages = new Counter({
  name: 'pizzapi_socket_malformed_messages_total',
  help: 'Socket messages that did not fit their schema and were dropped.',
  labelNames: ['namespace', 'message'],
  registers: [registry],
});

export const closedSockets = new Counter({
  name: 'pizzapi_socket_closed_total',
  help: 'Connections that the relay closed for what the client sent.',
  labelNames: ['namespace', 'reason'],
  registers: [registry],
});

export const sessionEvents = new Counter({
  name: 'pizzapi_session_events_total',
  help: 'Session events appended, skipped as duplicates, or refused after a gap.',
  labelNames: ['result'],
  registers: [registry],
});
