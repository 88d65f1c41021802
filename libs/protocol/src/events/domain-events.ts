import { Type, type Static, type TSchema } from 'typebox';
import { Uuid } from '../values/ids.js';

/**
 * Facts on a Redis stream, read by consumer groups. They are deliberately small: a reader fetches what it needs, so it does no harm if
 * it reads a fact twice or late.
 */
export const DomainEventCatalog = {
  /** Events that matter to the transcript were appended to a session's log. The projector reads on from its own cursor. */
  'session.entries-appended': Type.Object({ sessionId: Uuid, lastSeq: Type.Integer() }),
  /** Something in the view of a session has changed: status, activity, connection, name, model, usage. */
  'session.changed': Type.Object({ sessionId: Uuid }),
  'session.deleted': Type.Object({
    sessionId: Uuid,
    ownerId: Type.String(),
    // These can no longer be looked up. Absent: the relay is older.
    runnerId: Type.Optional(Uuid),
    organisationId: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
  }),
  'runner.changed': Type.Object({ runnerId: Uuid }),
  /** What its services offer has changed. `runner.changed` is published as well. */
  'runner.services-changed': Type.Object({ runnerId: Uuid }),
  /** Tunnels of the runner were opened or closed; `sessionId`: those of this session. */
  'tunnels.changed': Type.Object({ runnerId: Uuid, sessionId: Type.Optional(Uuid) }),
  'runner.deleted': Type.Object({ runnerId: Uuid, ownerId: Type.String() }),
  /** A subscription or listener of the runner was added, changed or removed, so its services are told the params again. */
  'runner.wanted-triggers-changed': Type.Object({
    runnerId: Uuid,
    /** It was a listener, so those who look at the list of listeners are told. */
    isOfListeners: Type.Optional(Type.Boolean()),
  }),
  /** Deliveries became dead letters, or dead letters were replayed or discarded. */
  'dead-letters.changed': Type.Object({ ownerId: Type.String() }),
  /** A key no longer opens anything; every replica closes its sockets. */
  'api-key.revoked': Type.Object({ keyId: Type.String() }),
  /** A browser session ended (logout); every replica closes its sockets. */
  'login.ended': Type.Object({ loginId: Type.String() }),
  'account.created': Type.Object({ userId: Type.String(), organisationId: Type.String(), isFirst: Type.Boolean() }),
} as const satisfies Record<string, TSchema>;

export type DomainEventType = keyof typeof DomainEventCatalog;
export type DomainEventData<T extends DomainEventType> = Static<(typeof DomainEventCatalog)[T]>;
export type DomainEvent = { [T in DomainEventType]: { type: T; data: DomainEventData<T> } }[DomainEventType];
