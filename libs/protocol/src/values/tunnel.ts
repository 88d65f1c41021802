import { Type, type Static } from 'typebox';
import { IsoTime, Uuid } from './ids.js';

/** A TCP port of the runner's loopback interface. */
export const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

/** Requests and WebSockets that a runner takes at once through its tunnel; how many the relay sends is configured there. */
export const MAX_TUNNEL_STREAMS = 65_536;

/**
 * A loopback port of a runner that may be reached through the relay: a service's panel, or a port that was exposed for a session. It
 * is kept across restarts of the service, so its address stays the same.
 */
export const TunnelView = Type.Object({
  tunnelId: Type.String(),
  runnerId: Uuid,
  /** The session it was opened for; null: a service's. */
  sessionId: Type.Union([Uuid, Type.Null()]),
  /** The service whose panel it is; null: a session's. */
  serviceId: Type.Union([Type.String(), Type.Null()]),
  /** Of a service: where it listens now, null while it does not. */
  port: Type.Union([Port, Type.Null()]),
  name: Type.String(),
  /** The person who owns it, and who opened it: `agent`, `person` or `service`. */
  ownerId: Type.String(),
  openedBy: Type.Union([Type.Literal('agent'), Type.Literal('person'), Type.Literal('service')]),
  /** Its own origin, which lets in by a ticket only; null where this relay has no tunnel domain. */
  origin: Type.Union([Type.String(), Type.Null()]),
  /** Opens it in a browser, by way of the console, which asks for a ticket. */
  url: Type.String(),
  createdAt: IsoTime,
});
export type TunnelView = Static<typeof TunnelView>;

/** What a person gets to enter a tunnel with a browser. Good once, for a minute. */
export interface TunnelTicket {
  /** On the tunnel's own origin (`origin`), or the path form with a short-lived token where there is no tunnel domain (`path`). */
  url: string;
  form: 'origin' | 'path';
  expiresAt: string;
}
