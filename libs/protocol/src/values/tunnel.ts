import { Type, type Static } from 'typebox';
import { IsoTime, Uuid } from './ids.js';

/** A TCP port of the runner's loopback interface. */
export const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

/** How many requests and WebSockets a runner accepts through its tunnel at once. The relay's own limit is part of its configuration. */
export const MAX_TUNNEL_STREAMS = 65_536;

/**
 * A loopback port of a runner that can be reached through the relay: a service's panel, or a port that was exposed for a session. A
 * panel's tunnel outlives restarts of its service, so that its address stays the same.
 */
export const TunnelView = Type.Object({
  tunnelId: Type.String(),
  runnerId: Uuid,
  /** The session that it was opened for; null for a service's panel. */
  sessionId: Type.Union([Uuid, Type.Null()]),
  /** The service whose panel it is; null for a session's tunnel. */
  serviceId: Type.Union([Type.String(), Type.Null()]),
  /** For a panel, where the service listens now; null while it does not. */
  port: Type.Union([Port, Type.Null()]),
  name: Type.String(),
  /** The person who owns it. */
  ownerId: Type.String(),
  openedBy: Type.Union([Type.Literal('agent'), Type.Literal('person'), Type.Literal('service')]),
  /** Its own origin, which admits only with a ticket; null if the relay has no tunnel domain. */
  origin: Type.Union([Type.String(), Type.Null()]),
  /** An address for browsers. It leads through the console, which asks for a ticket. */
  url: Type.String(),
  createdAt: IsoTime,
});
export type TunnelView = Static<typeof TunnelView>;

/** Admits a person's browser to a tunnel. It can be used once, within a minute. */
export interface TunnelTicket {
  /** On the tunnel's own origin (`origin`), or the path form with a short-lived token where there is no tunnel domain (`path`). */
  url: string;
  form: 'origin' | 'path';
  expiresAt: string;
}
