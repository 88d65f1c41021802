import { Type, type Static } from 'typebox';
import { IsoTime, Uuid } from './ids.js';

/**
 * How a trigger enters the conversation: `steer` before the next model call, `followUp` after the turn. An idle agent starts a
 * turn with both.
 */
export const TriggerDelivery = Type.Union([Type.Literal('steer'), Type.Literal('followUp')]);
export type TriggerDelivery = Static<typeof TriggerDelivery>;

/** What a trigger carries: an object, so that params and filters have fields to look at. */
export const TriggerPayload = Type.Record(Type.String(), Type.Unknown());
export type TriggerPayload = Static<typeof TriggerPayload>;

/** A fact that was fired and accepted. */
export const Trigger = Type.Object({
  triggerId: Type.String(),
  type: Type.String({ minLength: 1 }),
  payload: TriggerPayload,
  /** Who fired it: a service's id, or `external:api`. */
  source: Type.String(),
  deliverAs: TriggerDelivery,
  summary: Type.Optional(Type.String()),
  ts: IsoTime,
  /** The child session that it is about. Only the relay itself sets this. */
  childSessionId: Type.Optional(Uuid),
});
export type Trigger = Static<typeof Trigger>;

/** A trigger as one session gets it: the text of an {@link InboxItem} of kind `trigger` is this as JSON. */
export const DeliveredTrigger = Type.Intersect([
  Trigger,
  Type.Object({
    /** The runner on whose bus it was accepted. */
    runnerId: Uuid,
    /** The session's subscriptions that matched. Empty: it was fired at this session, or a listener started the session. */
    subscriptionIds: Type.Array(Type.String()),
    /** The listener that started this session for the trigger, and the listener's prompt for the agent. */
    listenerId: Type.Optional(Type.String()),
    prompt: Type.Optional(Type.String()),
  }),
]);
export type DeliveredTrigger = Static<typeof DeliveredTrigger>;

/** A value that a filter or a param is compared with. */
export const CriterionValue = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
export type CriterionValue = Static<typeof CriterionValue>;

/** One condition on the payload. `field` is a dot-path; an array of values means any of them. */
export const TriggerFilter = Type.Object({
  field: Type.String({ minLength: 1, maxLength: 500 }),
  value: Type.Union([CriterionValue, Type.Array(CriterionValue, { maxItems: 200 })]),
  op: Type.Optional(Type.Union([Type.Literal('eq'), Type.Literal('contains')])),
});
export type TriggerFilter = Static<typeof TriggerFilter>;

export const FilterMode = Type.Union([Type.Literal('and'), Type.Literal('or')]);
export type FilterMode = Static<typeof FilterMode>;

/** Values that a subscription or listener asks for. The service is told them as well, so that it knows what to watch. */
export const TriggerParams = Type.Record(
  Type.String({ maxLength: 200 }),
  Type.Union([CriterionValue, Type.Array(CriterionValue, { maxItems: 200 })]),
);
export type TriggerParams = Static<typeof TriggerParams>;

/** What a subscription or a listener wants of a trigger of its type. Params and filters must both match where both are given. */
export const TriggerCriteria = Type.Object({
  params: Type.Optional(TriggerParams),
  filters: Type.Optional(Type.Array(TriggerFilter, { maxItems: 50 })),
  filterMode: Type.Optional(FilterMode),
});
export type TriggerCriteria = Static<typeof TriggerCriteria>;

/** A session's subscription to a trigger type, as REST and the agent's tools show it. */
export const SubscriptionView = Type.Object({
  subscriptionId: Type.String(),
  triggerType: Type.String(),
  params: Type.Union([TriggerParams, Type.Null()]),
  filters: Type.Union([Type.Array(TriggerFilter), Type.Null()]),
  filterMode: FilterMode,
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
export type SubscriptionView = Static<typeof SubscriptionView>;

/** A trigger type that sessions of a runner may subscribe to. */
export const AvailableTrigger = Type.Object({
  type: Type.String(),
  label: Type.String(),
  description: Type.Union([Type.String(), Type.Null()]),
  serviceId: Type.Union([Type.String(), Type.Null()]),
  schema: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
  /** Whether the service that fires it is there now, and the type is not disabled. */
  available: Type.Boolean(),
  /** What is wrong with its declaration, as half a sentence. Absent: the relay is older. */
  disabledReason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});
export type AvailableTrigger = Static<typeof AvailableTrigger>;

/**
 * `waiting`: on its way. `sent`: it was sent to the worker. `received`: it is in the session's file. `dead`: it could not be
 * delivered, and is a dead letter. `discarded`: it was given up, by a person or because it was no longer wanted.
 */
export const DeliveryState = {
  waiting: 'waiting',
  sent: 'sent',
  received: 'received',
  dead: 'dead',
  discarded: 'discarded',
} as const;
export type DeliveryState = (typeof DeliveryState)[keyof typeof DeliveryState];

/** The delivery of a trigger to one target, as `GET /api/triggers/{triggerId}` shows it. */
export interface DeliveryView {
  deliveryId: string;
  /** With a listener, the session that it starts; null if it starts none. */
  sessionId: string | null;
  subscriptionIds: string[];
  listenerId: string | null;
  state: DeliveryState;
  attempts: number;
  ts: string;
  reason: string | null;
}

/** An entry of a session's trigger history, which has at most 200 of them and is kept for 24 h after the last one. */
export const TriggerHistoryEntry = Type.Object({
  triggerId: Type.String(),
  deliveryId: Type.String(),
  type: Type.String(),
  source: Type.String(),
  summary: Type.Optional(Type.String()),
  payload: TriggerPayload,
  deliverAs: TriggerDelivery,
  ts: IsoTime,
  direction: Type.Union([Type.Literal('inbound'), Type.Literal('outbound')]),
  childSessionId: Type.Optional(Uuid),
  /** How the session responded. */
  response: Type.Optional(
    Type.Object({ action: Type.Optional(Type.String()), text: Type.Optional(Type.String()), ts: IsoTime }),
  ),
});
export type TriggerHistoryEntry = Static<typeof TriggerHistoryEntry>;

/** Which of the triggers that came while its runner was away a listener starts sessions for. */
export const MissedRuns = { all: 'all', latest: 'latest', none: 'none' } as const;
export type MissedRuns = (typeof MissedRuns)[keyof typeof MissedRuns];

/** A runner's standing order: on a matching trigger start a new session. */
export interface ListenerView {
  listenerId: string;
  runnerId: string;
  triggerType: string;
  prompt: string | null;
  cwd: string | null;
  model: { provider: string; id: string } | null;
  params: TriggerParams | null;
  filters: TriggerFilter[] | null;
  filterMode: FilterMode;
  enabled: boolean;
  /** Why it was disabled by the relay itself (its creator left); null when a person did, or it is enabled. */
  disabledReason: string | null;
  /** How long a session may wait for its runner before it becomes a dead letter. */
  maxWaitMs: number;
  /** Sessions of this listener that start or work at once; others queue. Null: no limit. */
  maxConcurrent: number | null;
  missedRuns: MissedRuns;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
}

/** A delivery that ran out of attempts or time, and that a person can replay or discard. */
export interface DeadLetterView {
  deliveryId: string;
  kind: 'input' | 'trigger';
  sessionId: string;
  sessionName: string | null;
  runnerId: string;
  triggerId: string | null;
  listenerId: string | null;
  /** The type of the trigger; null for an input. */
  type: string | null;
  summary: string | null;
  /** The payload of the trigger; the text of an input. */
  payload: unknown;
  reason: { code: string; detail: string };
  /** The answer of a replay, if that could only be refused. Absent: the relay is older. */
  replayRefusal?: { code: string; detail: string } | null;
  attempts: number;
  ts: string;
  diedAt: string;
}
