import { Type, type Static } from 'typebox';
import { Uuid } from './ids.js';
import { Activity, ModelRef, SessionStatus } from './session.js';

/** What a child session tells its parent, as triggers of the relay's own. */
export const ChildTrigger = {
  /** It asks and waits. Whoever answers first counts: the parent, or a person. */
  question: 'session:question',
  /** It proposes a plan, and waits to hear whether to go by it. */
  plan: 'session:plan',
  /** A rule asks about one of its tool calls, or something of a project's needs consent. People answer, and the parent only where the user's configuration lets it. */
  approval: 'session:approval',
  /** Its turn is over; the payload has its answer. */
  completed: 'session:completed',
  /** Something went wrong, and it is still there. */
  error: 'session:error',
  /** It is over, with the reason. */
  failed: 'session:failed',
  /** It was stopped, cancelled or deleted. */
  ended: 'session:ended',
} as const;
export type ChildTrigger = (typeof ChildTrigger)[keyof typeof ChildTrigger];

/** Characters of what a child says that go to its parent; the whole is in the child's transcript. */
export const MAX_CHILD_TEXT = 16_000;

/** A child as its parent's tools show it. */
export const ChildView = Type.Object({
  sessionId: Uuid,
  name: Type.String(),
  runnerId: Uuid,
  cwd: Type.String(),
  model: Type.Union([ModelRef, Type.Null()]),
  status: Type.Enum(SessionStatus),
  activity: Type.Union([Activity, Type.Null()]),
  isConnected: Type.Boolean(),
  failure: Type.Union([Type.String(), Type.Null()]),
  costUsd: Type.Number(),
});
export type ChildView = Static<typeof ChildView>;

/** Where an agent may start a child. */
export const ChildRunnerView = Type.Object({
  runnerId: Uuid,
  name: Type.String(),
  online: Type.Boolean(),
  platform: Type.String(),
  roots: Type.Array(Type.String()),
});
export type ChildRunnerView = Static<typeof ChildRunnerView>;
