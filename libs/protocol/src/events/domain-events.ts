import { Type, type Static, type TSchema } from 'typebox';
import { Uuid } from '../values/ids.js';

/**
 * Facts on the relay's bus (one Redis stream), read by consumer groups. Small on purpose: a reader fetches what it
 * needs, so a fact read twice or late does no harm.
 */
export const DomainEventCatalog = {
  /** A session's log took finished entries; the transcript projector reads on from its own cursor. */
  'session.entries-appended': Type.Object({ sessionId: Uuid, lastSeq: Type.Integer() }),
  /** Anything of a session's view changed: status, activity, connection, name, model, usage. */
  'session.changed': Type.Object({ sessionId: Uuid }),
  'session.deleted': Type.Object({
    sessionId: Uuid,
    ownerId: Type.String(),
    // Nobody can look these up any more.
    runnerId: Type.Optional(Uuid),
    organisationId: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
  }),
  'runner.changed': Type.Object({ runnerId: Uuid }),
  /** Its services' panels, triggers or sigils changed; `runner.changed` comes besides. */
  'runner.services-changed': Type.Object({ runnerId: Uuid }),
  /** Tunnels of the runner were opened or closed; `sessionId`: whose. */
  'tunnels.changed': Type.Object({ runnerId: Uuid, sessionId: Type.Optional(Uuid) }),
  'runner.deleted': Type.Object({ runnerId: Uuid, ownerId: Type.String() }),
  /** A subscription or listener of the runner came, changed or went: its services are told the params anew. */
  'runner.wanted-triggers-changed': Type.Object({
    runnerId: Uuid,
    /** It was a listener: whoever looks at the list of them wants to know. */
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
