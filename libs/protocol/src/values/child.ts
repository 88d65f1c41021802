import { Type, type Static } from 'typebox';
import { Uuid } from './ids.js';
import { Activity, ModelRef, SessionStatus } from './session.js';

/** The types of the triggers by which the relay tells a parent about a child session. */
export const ChildTrigger = {
  /** The child has a question and waits. The first answer counts, be it the parent's or a person's. */
  question: 'session:question',
  /** It proposes a plan, and waits to hear whether to follow it. */
  plan: 'session:plan',
  /**
   * A rule asks about one of its tool calls, or something in a project needs consent. People answer; the parent may only if the
   * user's configuration says so.
   */
  approval: 'session:approval',
  /** Its turn is over; the payload has its answer. */
  completed: 'session:completed',
  /** Something went wrong, but the child is still there. */
  error: 'session:error',
  /** It has failed; the payload says why. */
  failed: 'session:failed',
  /** It was stopped, cancelled or deleted. */
  ended: 'session:ended',
} as const;
export type ChildTrigger = (typeof ChildTrigger)[keyof typeof ChildTrigger];

/** How many characters of a child's text its parent is told. The whole text is in the child's transcript. */
export const MAX_CHILD_TEXT = 16_000;

/** A child session as the tools of its parent show it. */
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

/** A runner on which an agent may start a child. */
export const ChildRunnerView = Type.Object({
  runnerId: Uuid,
  name: Type.String(),
  online: Type.Boolean(),
  platform: Type.String(),
  roots: Type.Array(Type.String()),
});
export type ChildRunnerView = Static<typeof ChildRunnerView>;
