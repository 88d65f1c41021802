import { Type, type Static, type TSchema } from 'typebox';
import { Activity, ModelRef, OutputBytes, QueueState, SessionUsage, TranscriptKind } from '../values/session.js';
import { ApprovalRequest } from '../values/approval.js';
import { SessionOffer } from '../values/plugin.js';
import { IsoTime } from '../values/ids.js';
import { SubagentChange } from '../values/subagent.js';
import { SandboxState } from '../values/sandbox.js';

/**
 * The events of a session, which its worker numbers 1, 2, 3, … and viewers apply in that order.
 *
 * `entry.appended` alone makes the transcript; every other event is either a state (activity, model, usage, queue, commands) or
 * shows something in progress (`message.*`, `tool.*`, `approval.*`) that a later `entry.appended` settles.
 */
export const SessionEventCatalog = {
  /** A worker opened the session's file. `epoch` rises with every worker start. */
  'session.opened': Type.Object({ epoch: Type.Integer({ minimum: 1 }), isResumed: Type.Boolean() }),
  /** `status`: the message of a plugin's hook that the agent is waiting for. */
  'activity.changed': Type.Object({ activity: Activity, status: Type.Optional(Type.String({ maxLength: 200 })) }),
  'model.changed': Type.Object({ model: ModelRef, name: Type.String(), contextWindow: Type.Integer({ minimum: 0 }) }),
  'name.changed': Type.Object({ name: Type.String({ maxLength: 200 }) }),
  /** How its tools are confined. */
  'sandbox.changed': SandboxState,
  'usage.changed': Type.Object({ usage: SessionUsage }),
  /** The worker's own queue as it is now, in the order it will be handed to the agent. */
  'queue.changed': QueueState,
  /** All commands that an input may begin with, by name, and all plugins. */
  'commands.changed': SessionOffer,

  /**
   * The conversation continues from an entry that is not the last one: what followed that entry in the log is on another branch. Viewers
   * start again from a page.
   */
  'branch.changed': Type.Object({ leafId: Type.Union([Type.String({ maxLength: 200 }), Type.Null()]) }),

  /** An assistant message begins; `messageId` ties its deltas and its entry together. */
  'message.started': Type.Object({ messageId: Type.String(), model: ModelRef }),
  /** More of block `index` of the message: text, thinking, or the JSON text of a tool call's arguments. */
  'message.delta': Type.Object({
    messageId: Type.String(),
    index: Type.Integer({ minimum: 0 }),
    kind: Type.Union([Type.Literal('text'), Type.Literal('thinking'), Type.Literal('toolCall')]),
    delta: Type.String(),
    /** Only with the first delta of a `toolCall` block. */
    toolName: Type.Optional(Type.String()),
    toolCallId: Type.Optional(Type.String()),
  }),
  'tool.started': Type.Object({ toolCallId: Type.String(), toolName: Type.String(), args: Type.Unknown() }),
  /** More of a running tool's output: only what was added. `reset`: it replaces what was shown before. */
  'tool.output': Type.Object({ toolCallId: Type.String(), delta: Type.String(), reset: Type.Optional(Type.Boolean()) }),
  'tool.finished': Type.Object({
    toolCallId: Type.String(),
    isError: Type.Boolean(),
    durationMs: Type.Integer({ minimum: 0 }),
  }),

  /** What changed of one step of a running `subagent` call; the tool's result holds all steps. */
  'subagent.changed': Type.Object({ toolCallId: Type.String(), ...SubagentChange.properties }),

  /** A person is asked. How it ended comes as an entry: a notice whose content is the settled approval. */
  'approval.requested': ApprovalRequest,

  /** A finished entry of pi's session file. `content` is pi's own message; long text of a tool is cut. */
  'entry.appended': Type.Object({
    entryId: Type.String({ minLength: 1, maxLength: 200 }),
    kind: TranscriptKind,
    ts: IsoTime,
    content: Type.Unknown(),
    outputBytes: Type.Optional(OutputBytes),
    /**
     * The entry before it on its branch, of those that are told; null: it is the first. Absent: the worker is older, and it is
     * the one told before.
     */
    parentId: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
    /** The in-progress message that this entry settles. */
    messageId: Type.Optional(Type.String()),
    /** Set when the entry comes from the file after a crash, not live. */
    isRecovered: Type.Optional(Type.Boolean()),
  }),

  'retry.started': Type.Object({
    attempt: Type.Integer(),
    maxAttempts: Type.Integer(),
    delayMs: Type.Integer(),
    error: Type.String(),
  }),
  'retry.finished': Type.Object({ isSuccess: Type.Boolean(), error: Type.Optional(Type.String()) }),
  'compaction.started': Type.Object({ reason: Type.String() }),
  'compaction.finished': Type.Object({
    isSuccess: Type.Boolean(),
    /** There was nothing to compact, as `error` says: nothing went wrong. */
    isNeedless: Type.Optional(Type.Boolean()),
    error: Type.Optional(Type.String()),
  }),
  /** Something went wrong that the conversation itself does not show. */
  'error.raised': Type.Object({ code: Type.String(), detail: Type.String() }),
  /** A turn was cut off by a crash or a reboot, and waits for a person to choose "Continue". */
  'turn.interrupted': Type.Object({}),
  /** The worker's last event. `paused`: the session was idle for long, so its worker was unloaded; a delivery brings it back. */
  'session.closed': Type.Object({
    reason: Type.Union([
      Type.Literal('stopped'),
      Type.Literal('shutdown'),
      Type.Literal('failed'),
      Type.Literal('paused'),
    ]),
  }),
} as const satisfies Record<string, TSchema>;

export type SessionEventType = keyof typeof SessionEventCatalog;
export type SessionEventData<T extends SessionEventType> = Static<(typeof SessionEventCatalog)[T]>;

/** One numbered event of a session. */
export type SessionEvent = {
  [T in SessionEventType]: { seq: number; type: T; ts: string; data: SessionEventData<T> };
}[SessionEventType];

/** An event before it is numbered. */
export type UnnumberedSessionEvent = {
  [T in SessionEventType]: { type: T; ts: string; data: SessionEventData<T> };
}[SessionEventType];

/** The shape of any event, as the relay checks it; the data is checked by type with {@link SessionEventCatalog}. */
export const SessionEventEnvelope = Type.Object({
  seq: Type.Integer({ minimum: 1 }),
  type: Type.KeyOf(Type.Object(SessionEventCatalog)),
  ts: IsoTime,
  data: Type.Unknown(),
});
