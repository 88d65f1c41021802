import { Type, type Static } from 'typebox';
import type { WaitingQuestions } from './approval.js';
import { Attachment } from './attachment.js';
import { IsoTime, Uuid } from './ids.js';
import type { SandboxState } from './sandbox.js';

/** Where a session stands in its life. Never folded into one with activity or connection. */
export const SessionStatus = {
  pending: 'pending',
  active: 'active',
  ended: 'ended',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;
export type SessionStatus = (typeof SessionStatus)[keyof typeof SessionStatus];

/** What an active session's agent is doing; `waiting` means for a person, `paused` that its worker is unloaded. */
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

/** The part of a session's usage that its subagents had. */
export const SubagentShare = Type.Object({
  input: Type.Integer({ minimum: 0 }),
  output: Type.Integer({ minimum: 0 }),
  cacheRead: Type.Integer({ minimum: 0 }),
  cacheWrite: Type.Integer({ minimum: 0 }),
  costUsd: Type.Number({ minimum: 0 }),
});
export type SubagentShare = Static<typeof SubagentShare>;

/** Token counts and cost of a session so far; `contextTokens` is what fills the window now, null when unknown (after compaction). */
export const SessionUsage = Type.Object({
  input: Type.Integer({ minimum: 0 }),
  output: Type.Integer({ minimum: 0 }),
  cacheRead: Type.Integer({ minimum: 0 }),
  cacheWrite: Type.Integer({ minimum: 0 }),
  costUsd: Type.Number({ minimum: 0 }),
  contextTokens: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  contextWindow: Type.Integer({ minimum: 0 }),
  /** What of the totals subagents had; absent: there were none. */
  subagents: Type.Optional(SubagentShare),
});
export type SessionUsage = Static<typeof SessionUsage>;

export const SessionFailure = Type.Object({ code: Type.String(), detail: Type.String() });
export type SessionFailure = Static<typeof SessionFailure>;

/** How an input enters the conversation: `prompt` starts a turn (or queues after it), `steer` enters before the next model call, `followUp` after the turn. */
export const DeliverAs = Type.Union([Type.Literal('prompt'), Type.Literal('steer'), Type.Literal('followUp')]);
export type DeliverAs = Static<typeof DeliverAs>;

/** An input that waits, in the relay's inbox or in the worker's queue. */
export const QueuedInput = Type.Object({
  inputId: Type.String(),
  /** A trigger holds its place in the order, but is nobody's to change; its `text` is its summary or type. Absent: a person's input. */
  kind: Type.Optional(Type.Literal('trigger')),
  text: Type.String(),
  deliverAs: DeliverAs,
  authorName: Type.Optional(Type.String()),
  ts: IsoTime,
  /** A parent session's message: which one. */
  fromSessionId: Type.Optional(Uuid),
  attachments: Type.Optional(Type.Array(Attachment)),
});
export type QueuedInput = Static<typeof QueuedInput>;

/** What waits in the worker's own queue: the first, and how many there are besides. They come anew with every change, so they have to be few. */
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

/** A finished piece of the conversation. `seq` is the number of the event that brought it, `content` pi's own message. */
export const TranscriptEntry = Type.Object({
  seq: Type.Integer({ minimum: 1 }),
  entryId: Type.String({ minLength: 1, maxLength: 200 }),
  kind: TranscriptKind,
  ts: IsoTime,
  content: Type.Unknown(),
});
export type TranscriptEntry = Static<typeof TranscriptEntry>;

export interface TranscriptPage {
  entries: TranscriptEntry[];
  /** Of the page; 0 when it is empty. */
  firstSeq: number;
  lastSeq: number;
  /** Whether older entries exist before this page (or newer ones after it, when asked with `after`). */
  hasMore: boolean;
}

/** An entry of a session from which another one goes on: that takes over all that led to it. */
export const ForkPoint = Type.Object({ sessionId: Uuid, entryId: Type.String({ minLength: 1, maxLength: 200 }) });
export type ForkPoint = Static<typeof ForkPoint>;

/** Where a session comes from. `entryId`: the last entry that it took over; null: none, because nothing was said before. */
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
  /** Null or absent: it began by itself. */
  forkedFrom?: ForkOrigin | null;
  ownerId: string;
  createdAt: string;
  updatedAt: string;
  lastEventSeq: number;
  viewers: { userId: string; name: string }[];
  failure: SessionFailure | null;
  usage: SessionUsage | null;
  /** What waits in it for people; null or absent: nothing. */
  questions?: WaitingQuestions | null;
  /** How its tools are confined; null or absent: its worker has not said. */
  sandbox?: SandboxState | null;
  /** The listener that started it, and for which trigger; null or absent: nobody but a person or a program. */
  listenerId?: string | null;
  triggerId?: string | null;
  /** Pending, and waiting for room among its listener's sessions (`maxConcurrent`), not for its runner. */
  isHeld?: boolean;
}
