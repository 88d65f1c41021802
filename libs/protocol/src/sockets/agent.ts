import { Type, type Static } from 'typebox';
import { SessionEventEnvelope, type SessionEvent } from '../events/session-events.js';
import { Attachment, AttachmentId } from '../values/attachment.js';
import { ApprovalAnswer, ApprovalPerson, MAX_ANSWER_LENGTH } from '../values/approval.js';
import { ChildRunnerView, ChildView } from '../values/child.js';
import { BranchPoint } from '../values/branch.js';
import { type FoundFiles, MAX_FILE_QUERY, MAX_FOUND_FILES } from '../values/found-file.js';
import { DeliverAs, ModelRef } from '../values/session.js';
import { IsoTime, Uuid } from '../values/ids.js';
import { MAX_EVENTS_PER_BATCH } from '../values/limits.js';
import type { SocketAnswer } from '../values/problem.js';
import { SandboxFrame } from '../values/sandbox.js';
import { SigilDef } from '../values/service.js';
import { AvailableTrigger, SubscriptionView, TriggerCriteria } from '../values/trigger.js';
import { Port, TunnelView } from '../values/tunnel.js';

/**
 * Namespace `/agent`: one worker, one session. The handshake's `auth` is {@link AgentHandshake}; the token is a short-lived JWT
 * for that session only, and every connection needs a new one.
 */
export const AgentHandshake = Type.Object({
  token: Type.String(),
  protocol: Type.Integer({ minimum: 1 }),
});
export type AgentHandshake = Static<typeof AgentHandshake>;

export const AgentRegister = Type.Object({
  sessionId: Uuid,
  /** Rises with every start of a worker. The relay refuses a lower one with `epoch_superseded`, and that worker then exits. */
  epoch: Type.Integer({ minimum: 1 }),
  /** The lowest number that is not acknowledged, or else the worker's next number; null before it has learnt one. */
  nextSeq: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
});
export type AgentRegister = Static<typeof AgentRegister>;

export interface AgentRegistered {
  /** The last number in the relay's log; the worker continues with the next. */
  lastSeq: number;
  /** The last entry of the session's file that is in the log; the worker sends the entries after it. */
  lastEntryId: string | null;
}

/** `agent:events`: in order and without holes. The answer is the last number that the log now holds. */
export const AgentEvents = Type.Object({
  events: Type.Array(SessionEventEnvelope, { minItems: 1, maxItems: MAX_EVENTS_PER_BATCH }),
});

/** One item of a session's inbox. */
export const InboxItem = Type.Object({
  /** Orders the inbox; the Redis stream id. */
  cursor: Type.String(),
  deliveryId: Type.String(),
  kind: Type.Union([Type.Literal('input'), Type.Literal('trigger')]),
  deliverAs: DeliverAs,
  ts: IsoTime,
  /** For an input, what the person wrote; for a trigger, the {@link DeliveredTrigger} as JSON. */
  text: Type.String(),
  /** For a trigger, its id and the runner on whose bus it was accepted. */
  triggerId: Type.Optional(Type.String()),
  runnerId: Type.Optional(Uuid),
  authorId: Type.Optional(Type.String()),
  authorName: Type.Optional(Type.String()),
  /** The parent session that wrote it, if one did; `authorName` is then its name. */
  fromSessionId: Type.Optional(Uuid),
  /** The files of an input. */
  attachments: Type.Optional(Type.Array(Attachment)),
});
export type InboxItem = Static<typeof InboxItem>;

/**
 * Requests of the agent's trigger tools, for the worker's own session. A `target` is a subscription's id or (legacy) a trigger
 * type, for all of that type.
 */
export const AgentTriggerRequest = Type.Union([
  Type.Object({ request: Type.Literal('available') }),
  Type.Object({ request: Type.Literal('list') }),
  Type.Object({
    request: Type.Literal('subscribe'),
    /** The same id again returns the same subscription. */
    operationId: Uuid,
    triggerType: Type.String({ minLength: 1, maxLength: 200 }),
    criteria: TriggerCriteria,
  }),
  Type.Object({
    request: Type.Literal('update'),
    target: Type.String({ minLength: 1, maxLength: 200 }),
    criteria: TriggerCriteria,
    /** Whether what `criteria` leaves out stays as it is. Absent: it is removed; so does an older worker, which sends complete criteria. */
    merge: Type.Optional(Type.Boolean()),
  }),
  Type.Object({ request: Type.Literal('unsubscribe'), target: Type.String({ minLength: 1, maxLength: 200 }) }),
]);
export type AgentTriggerRequest = Static<typeof AgentTriggerRequest>;

/** The answer to a request of the trigger tools, with the fields that belong to that request. */
export const AgentTriggerAnswer = Type.Object({
  available: Type.Optional(Type.Array(AvailableTrigger)),
  /** To `subscribe`, `update` and `list`: the subscriptions as they are now. */
  subscriptions: Type.Optional(Type.Array(SubscriptionView)),
  /** To `update` and `unsubscribe`: how many subscriptions were changed or removed. */
  updated: Type.Optional(Type.Integer({ minimum: 0 })),
  removed: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type AgentTriggerAnswer = Static<typeof AgentTriggerAnswer>;

/** Requests of the agent's tunnel tools, for the worker's own session. */
export const AgentTunnelRequest = Type.Union([
  Type.Object({ request: Type.Literal('list') }),
  /** The same port again returns the same tunnel, with the new name. */
  Type.Object({
    request: Type.Literal('create'),
    port: Port,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  }),
  /** Succeeds if it is closed already. */
  Type.Object({ request: Type.Literal('close'), tunnelId: Type.String({ minLength: 1, maxLength: 200 }) }),
  Type.Object({ request: Type.Literal('close-port'), port: Port }),
]);
export type AgentTunnelRequest = Static<typeof AgentTunnelRequest>;

/** To `list`: the session's own tunnels and the panels of its runner. To `create`: the new tunnel. To `close`: none. */
export const AgentTunnelAnswer = Type.Object({ tunnels: Type.Array(TunnelView) });
export type AgentTunnelAnswer = Static<typeof AgentTunnelAnswer>;

/** Identifies a tool call within its session. A request that is repeated with the same key is carried out once. */
const CallKey = Type.String({ minLength: 1, maxLength: 1_000 });
const TriggerId = Type.String({ minLength: 1, maxLength: 200 });

/** Requests of the agent's tools for child sessions and for answering triggers, for the worker's own session. */
export const AgentChildRequest = Type.Union([
  Type.Object({
    request: Type.Literal('spawn'),
    callKey: CallKey,
    prompt: Type.String({ minLength: 1 }),
    /** Absent: the session's own runner. */
    runnerId: Type.Optional(Uuid),
    cwd: Type.Optional(Type.String({ minLength: 1, maxLength: 4_096 })),
    /** The session is confined, so on its own runner `cwd` is a real path, and the child must not start if it contains a link by then. */
    isFolderReal: Type.Optional(Type.Boolean()),
    /** How the session's own tools are confined. Absent: they are not. */
    frame: Type.Optional(SandboxFrame),
    model: Type.Optional(ModelRef),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  }),
  Type.Object({ request: Type.Literal('list') }),
  Type.Object({ request: Type.Literal('runners') }),
  Type.Object({
    request: Type.Literal('tell'),
    callKey: CallKey,
    sessionId: Uuid,
    text: Type.String({ minLength: 1 }),
    deliverAs: Type.Optional(DeliverAs),
  }),
  /** Succeeds if it has ended already. */
  Type.Object({ request: Type.Literal('stop'), sessionId: Uuid }),
  Type.Object({
    request: Type.Literal('respond'),
    triggerId: TriggerId,
    action: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    text: Type.Optional(Type.String({ maxLength: MAX_ANSWER_LENGTH })),
  }),
  Type.Object({
    request: Type.Literal('escalate'),
    triggerId: TriggerId,
    reason: Type.Optional(Type.String({ maxLength: 1_000 })),
  }),
]);
export type AgentChildRequest = Static<typeof AgentChildRequest>;

/**
 * To `spawn`, `tell` and `stop`: that child. To `list`: all children. To `runners`: where a child may be started. To `escalate`:
 * who was asked.
 */
export const AgentChildAnswer = Type.Object({
  children: Type.Optional(Type.Array(ChildView)),
  runners: Type.Optional(Type.Array(ChildRunnerView)),
  escalatedTo: Type.Optional(Type.Union([Type.Literal('parent'), Type.Literal('people')])),
});
export type AgentChildAnswer = Static<typeof AgentChildAnswer>;

/** A worker fetches a file of its own session, one chunk of `ATTACHMENT_CHUNK_BYTES` at a time. May be repeated. */
export const AgentAttachmentRequest = Type.Object({
  attachmentId: AttachmentId,
  /** The number of the chunk, from 0. */
  chunk: Type.Integer({ minimum: 0 }),
});
export type AgentAttachmentRequest = Static<typeof AgentAttachmentRequest>;

export const AgentAttachmentAnswer = Type.Object({ base64: Type.String() });
export type AgentAttachmentAnswer = Static<typeof AgentAttachmentAnswer>;

/** What the services of a session's runner offer to its agent: the sigils that it may write. Trigger types are read by `triggers:request`. */
export const AgentServices = Type.Object({ sigilDefs: Type.Array(SigilDef) });
export type AgentServices = Static<typeof AgentServices>;

/** Commands to a running worker, each of which is answered. What must not be lost while no worker runs goes through the inbox instead. */
export const AgentCommand = Type.Union([
  Type.Object({ command: Type.Literal('abort') }),
  /** Continues a turn that was interrupted. */
  Type.Object({ command: Type.Literal('continue') }),
  Type.Object({ command: Type.Literal('set-model'), model: ModelRef }),
  Type.Object({ command: Type.Literal('set-name'), name: Type.String({ minLength: 1, maxLength: 200 }) }),
  /** `before`: the conversation continues from before that entry. `end`: from the end of that entry's branch. */
  Type.Object({ command: Type.Literal('branch'), entryId: Type.String({ maxLength: 200 }), at: BranchPoint }),
  Type.Object({ command: Type.Literal('edit-input'), inputId: Type.String(), text: Type.String() }),
  Type.Object({ command: Type.Literal('remove-input'), inputId: Type.String() }),
  /** The worker alone decides which answer is the first. The same answer again gets the same reply as the first time. */
  Type.Object({
    command: Type.Literal('answer-approval'),
    approvalId: Type.String(),
    answer: ApprovalAnswer,
    by: ApprovalPerson,
  }),
  /** A parent session passes the question on to people; viewers are shown that. */
  Type.Object({
    command: Type.Literal('hand-up-approval'),
    approvalId: Type.String(),
    by: Type.Object({ sessionId: Uuid, name: Type.String() }),
    reason: Type.Optional(Type.String()),
  }),
]);
export type AgentCommand = Static<typeof AgentCommand>;

/** Asks for files of the session's working folder that fit what a person has typed. With an empty query: those at the top. */
export const AgentFindFiles = Type.Object({
  query: Type.String({ maxLength: MAX_FILE_QUERY }),
  limit: Type.Integer({ minimum: 1, maximum: MAX_FOUND_FILES }),
});
export type AgentFindFiles = Static<typeof AgentFindFiles>;

/** Asks for the next piece of what a finished tool call put out, as the model saw it. The session's file has all of it. */
export const AgentReadOutput = Type.Object({
  entryId: Type.String({ minLength: 1, maxLength: 200 }),
  /** 0, then the answers' `next`. */
  from: Type.Integer({ minimum: 0 }),
});
export type AgentReadOutput = Static<typeof AgentReadOutput>;

/** A piece of some 256 Ki characters at most, which never ends within a character. */
export const OutputPiece = Type.Object({
  text: Type.String(),
  /** Where the next piece begins; null: this was the last one. */
  next: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  /** How many bytes all pieces together have, as UTF-8. */
  bytes: Type.Integer({ minimum: 0 }),
});
export type OutputPiece = Static<typeof OutputPiece>;

export interface AgentToRelay {
  'agent:register': (message: AgentRegister, answer: (a: SocketAnswer<AgentRegistered>) => void) => void;
  'agent:events': (message: { events: SessionEvent[] }, answer: (a: SocketAnswer<{ lastSeq: number }>) => void) => void;
  'triggers:request': (message: AgentTriggerRequest, answer: (a: SocketAnswer<AgentTriggerAnswer>) => void) => void;
  'tunnels:request': (message: AgentTunnelRequest, answer: (a: SocketAnswer<AgentTunnelAnswer>) => void) => void;
  'children:request': (message: AgentChildRequest, answer: (a: SocketAnswer<AgentChildAnswer>) => void) => void;
  'attachments:request': (
    message: AgentAttachmentRequest,
    answer: (a: SocketAnswer<AgentAttachmentAnswer>) => void,
  ) => void;
  /**
   * The deliveries are in the session's file, so the relay may forget them. The answer does not matter: if this message is lost,
   * they are delivered again, and skipped.
   */
  'inbox:received': (message: { deliveryIds: string[] }) => void;
}
export interface RelayToAgent {
  'inbox:deliver': (message: { items: InboxItem[] }) => void;
  'agent:command': (message: AgentCommand, answer: (a: SocketAnswer) => void) => void;
  /** A worker of an older version does not answer. */
  'agent:find-files': (message: AgentFindFiles, answer: (a: SocketAnswer<FoundFiles>) => void) => void;
  /** Only where the runner has said `read-output`. May be repeated: an entry never changes. */
  'agent:read-output': (message: AgentReadOutput, answer: (a: SocketAnswer<OutputPiece>) => void) => void;
  /** What the runner's services offer. Sent in full when the worker registers, and on every change. */
  'services:announced': (message: AgentServices) => void;
  /** The session was stopped, or a newer worker runs it: flush, send `session.closed`, and exit. */
  'agent:stop': (message: { reason: 'stopped' | 'superseded' }) => void;
}
