import { Type, type Static } from 'typebox';
import type { WaitingQuestions } from './approval.js';
import { Attachment } from './attachment.js';
import { IsoTime, Uuid } from './ids.js';
import type { SandboxState } from './sandbox.js';

/** Where a session is in its life. Independent of its activity and of whether its worker is connected. */
export const SessionStatus = {
  pending: 'pending',
  active: 'active',
  ended: 'ended',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;
export type SessionStatus = (typeof SessionStatus)[keyof typeof SessionStatus];

/** What the agent of an active session is doing. `waiting`: for a person. `paused`: its worker was unloaded. */
export const Activity = Type.Union([
  Type.Literal('working'),
  Type.Literal('waiting'),
  Type.Literal('idle'),
  Type.Literal('paused'),
]);
export type Activity = Static<typeof Activity>;

export const ModelRef = Type.Object({
  provider: Type.String({ minLength: 1, maxLength: 200 }),
  id: Type.String({ minLength: 1, maxLength: 300 }),
});
export type ModelRef = Static<typeof ModelRef>;

/** A model that a runner offers. `contextWindow` in tokens. */
export const ModelInfo = Type.Object({
  provider: Type.String(),
  id: Type.String(),
  name: Type.String(),
  contextWindow: Type.Integer({ minimum: 0 }),
  isDefault: Type.Boolean(),
});
export type ModelInfo = Static<typeof ModelInfo>;

/** The part of a session's usage that is due to subagents, in tokens and US dollars. */
export const SubagentShare = Type.Object({
  input: Type.Integer({ minimum: 0 }),
  output: Type.Integer({ minimum: 0 }),
  cacheRead: Type.Integer({ minimum: 0 }),
  cacheWrite: Type.Integer({ minimum: 0 }),
  costUsd: Type.Number({ minimum: 0 }),
});
export type SubagentShare = Static<typeof SubagentShare>;

/**
 * A session's usage so far, in tokens and US dollars. `contextTokens`: how much of the context window is in use; null if unknown,
 * as after compaction.
 */
export const SessionUsage = Type.Object({
  input: Type.Integer({ minimum: 0 }),
  output: Type.Integer({ minimum: 0 }),
  cacheRead: Type.Integer({ minimum: 0 }),
  cacheWrite: Type.Integer({ minimum: 0 }),
  costUsd: Type.Number({ minimum: 0 }),
  contextTokens: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  contextWindow: Type.Integer({ minimum: 0 }),
  /** The subagents' share of the totals; absent: there were no subagents. */
  subagents: Type.Optional(SubagentShare),
});
export type SessionUsage = Static<typeof SessionUsage>;

export const SessionFailure = Type.Object({ code: Type.String(), detail: Type.String() });
export type SessionFailure = Static<typeof SessionFailure>;

/**
 * How an input enters the conversation: `prompt` starts a turn (or queues after it), `steer` enters before the next model call,
 * `followUp` after the turn.
 */
export const DeliverAs = Type.Union([Type.Literal('prompt'), Type.Literal('steer'), Type.Literal('followUp')]);
export type DeliverAs = Static<typeof DeliverAs>;

/** An input that waits, in the relay's inbox or in the worker's queue. */
export const QueuedInput = Type.Object({
  inputId: Type.String(),
  /** A trigger, which has its place in the order but cannot be changed; its `text` is its summary or type. Absent: a person's input. */
  kind: Type.Optional(Type.Literal('trigger')),
  text: Type.String(),
  deliverAs: DeliverAs,
  authorName: Type.Optional(Type.String()),
  ts: IsoTime,
  /** The parent session that wrote it, if one did. */
  fromSessionId: Type.Optional(Uuid),
  attachments: Type.Optional(Type.Array(Attachment)),
});
export type QueuedInput = Static<typeof QueuedInput>;

/**
 * What waits in the worker's own queue: the first inputs, and how many more there are. Only some are listed, because the list is
 * sent with every change.
 */
export const QueueState = Type.Object({
  inputs: Type.Array(QueuedInput),
  more: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type QueueState = Static<typeof QueueState>;

export const TranscriptKind = Type.Union([
  Type.Literal('user'),
  Type.Literal('assistant'),
  Type.Literal('tool'),
  Type.Literal('trigger'),
  Type.Literal('notice'),
]);
export type TranscriptKind = Static<typeof TranscriptKind>;

/**
 * Of a tool's result whose text is cut: how many bytes all of it has, as UTF-8. It can be downloaded. Absent: the text is all there is, or
 * the worker is older and does not say.
 */
export const OutputBytes = Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 });

/** A finished entry of the conversation. `seq` is the number of the event that appended it, `content` is pi's own message. */
export const TranscriptEntry = Type.Object({
  seq: Type.Integer({ minimum: 1 }),
  entryId: Type.String({ minLength: 1, maxLength: 200 }),
  kind: TranscriptKind,
  ts: IsoTime,
  content: Type.Unknown(),
  outputBytes: Type.Optional(OutputBytes),
});
export type TranscriptEntry = Static<typeof TranscriptEntry>;

export interface TranscriptPage {
  entries: TranscriptEntry[];
  /** The first and the last `seq` of the page; 0 if it is empty. */
  firstSeq: number;
  lastSeq: number;
  /** Whether older entries exist before this page (or newer ones after it, when asked with `after`). */
  hasMore: boolean;
}

/** The entry of a session from which a fork continues. The fork takes over everything up to it. */
export const ForkPoint = Type.Object({ sessionId: Uuid, entryId: Type.String({ minLength: 1, maxLength: 200 }) });
export type ForkPoint = Static<typeof ForkPoint>;

/** The session that a fork comes from. `entryId`: the last entry that it took over; null: none, because nothing had been said before. */
export interface ForkOrigin {
  sessionId: Uuid;
  entryId: string | null;
}

/** A session as REST and the hub show it. */
export interface SessionView {
  sessionId: Uuid;
  name: string;
  runnerId: Uuid;
  cwd: string;
  model: ModelRef | null;
  status: SessionStatus;
  activity: Activity | null;
  isConnected: boolean;
  isPinned: boolean;
  parentSessionId: Uuid | null;
  /** Null or absent: it is not a fork. */
  forkedFrom?: ForkOrigin | null;
  ownerId: string;
  createdAt: string;
  updatedAt: string;
  lastEventSeq: number;
  viewers: { userId: string; name: string }[];
  failure: SessionFailure | null;
  usage: SessionUsage | null;
  /** The questions in it that wait for people; null or absent: none. */
  questions?: WaitingQuestions | null;
  /** How its tools are confined; null or absent: its worker has not said. */
  sandbox?: SandboxState | null;
  /** The listener that started it, and the trigger that it was started for; null or absent: it was not started by a listener. */
  listenerId?: string | null;
  triggerId?: string | null;
  /** Pending, and waiting for room among its listener's sessions (`maxConcurrent`), not for its runner. */
  isHeld?: boolean;
}
