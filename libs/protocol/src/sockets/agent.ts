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
 * Namespace `/agent`: one worker, one session. The handshake's `auth` is {@link AgentHandshake}; the token is a
 * short-lived JWT for that session alone, fetched anew for every connection.
 */
export const AgentHandshake = Type.Object({
  token: Type.String(),
  protocol: Type.Integer({ minimum: 1 }),
});
export type AgentHandshake = Static<typeof AgentHandshake>;

export const AgentRegister = Type.Object({
  sessionId: Uuid,
  /** Rises with every worker start; the relay refuses lower ones (`epoch_superseded`), which then exit. */
  epoch: Type.Integer({ minimum: 1 }),
  /** The lowest number that the worker still keeps unacknowledged, or its next number; null before it learnt one. */
  nextSeq: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
});
export type AgentRegister = Static<typeof AgentRegister>;

export interface AgentRegistered {
  /** The last number that the relay's log holds; the worker goes on with the next. */
  lastSeq: number;
  /** The last entry of the session's file that the log holds; the worker sends the entries after it. */
  lastEntryId: string | null;
}

/** `agent:events`: in order and without holes. Answered with the last number the log now holds. */
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
  /** Of an input: what the person wrote. Of a trigger: the {@link DeliveredTrigger} as JSON. */
  text: Type.String(),
  /** Of a trigger: which one, and on whose bus it was accepted. */
  triggerId: Type.Optional(Type.String()),
  runnerId: Type.Optional(Uuid),
  authorId: Type.Optional(Type.String()),
  authorName: Type.Optional(Type.String()),
  /** The parent session that wrote it; `authorName` is its name then. */
  fromSessionId: Type.Optional(Uuid),
  /** Of an input: files that belong to it. */
  attachments: Type.Optional(Type.Array(Attachment)),
});
export type InboxItem = Static<typeof InboxItem>;

/** Requests of the agent's trigger tools, for the worker's own session. By `triggerType` they are the legacy bulk form. */
export const AgentTriggerRequest = Type.Union([
  Type.Object({ request: Type.Literal('available') }),
  Type.Object({ request: Type.Literal('list') }),
  Type.Object({
    request: Type.Literal('subscribe'),
    /** A repeated request with the same id makes the same subscription. */
    operationId: Uuid,
    triggerType: Type.String({ minLength: 1, maxLength: 200 }),
    criteria: TriggerCriteria,
  }),
  Type.Object({
    request: Type.Literal('update'),
    target: Type.String({ minLength: 1, maxLength: 200 }),
    criteria: TriggerCriteria,
    /** What `criteria` leaves out stays as it is. Absent: it becomes none, and the worker is an older one that has put all of it together. */
    merge: Type.Optional(Type.Boolean()),
  }),
  Type.Object({ request: Type.Literal('unsubscribe'), target: Type.String({ minLength: 1, maxLength: 200 }) }),
]);
export type AgentTriggerRequest = Static<typeof AgentTriggerRequest>;

/** What the tools get back: whichever of them belongs to the request. */
export const AgentTriggerAnswer = Type.Object({
  available: Type.Optional(Type.Array(AvailableTrigger)),
  /** Of `subscribe`, `update`, `list`: as they are after it. */
  subscriptions: Type.Optional(Type.Array(SubscriptionView)),
  /** Of a legacy bulk request, and of `update` and `unsubscribe` by id: how many. */
  updated: Type.Optional(Type.Integer({ minimum: 0 })),
  removed: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type AgentTriggerAnswer = Static<typeof AgentTriggerAnswer>;

/** Requests of the agent's tunnel tools, for the worker's own session. */
export const AgentTunnelRequest = Type.Union([
  Type.Object({ request: Type.Literal('list') }),
  /** The same port again is the same tunnel again, with the new name. */
  Type.Object({
    request: Type.Literal('create'),
    port: Port,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  }),
  /** Closing one that is closed already is done. */
  Type.Object({ request: Type.Literal('close'), tunnelId: Type.String({ minLength: 1, maxLength: 200 }) }),
  Type.Object({ request: Type.Literal('close-port'), port: Port }),
]);
export type AgentTunnelRequest = Static<typeof AgentTunnelRequest>;

/** `list`: the session's own tunnels and the panels of its runner. `create`: the one. `close`: none. */
export const AgentTunnelAnswer = Type.Object({ tunnels: Type.Array(TunnelView) });
export type AgentTunnelAnswer = Static<typeof AgentTunnelAnswer>;

/** Names a tool call within its session: what is asked twice with the same one is done once. */
const CallKey = Type.String({ minLength: 1, maxLength: 1_000 });
const TriggerId = Type.String({ minLength: 1, maxLength: 200 });

/** Requests of the agent's tools for child sessions and for answering triggers, for the worker's own session. */
export const AgentChildRequest = Type.Union([
  Type.Object({
    request: Type.Literal('spawn'),
    callKey: CallKey,
    prompt: Type.String({ minLength: 1 }),
    /** Absent: the session's own. */
    runnerId: Type.Optional(Uuid),
    cwd: Type.Optional(Type.String({ minLength: 1, maxLength: 4_096 })),
    /** The session is confined: a folder of its own runner is one without links, and is to be so when the child starts. */
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
  /** Stopping one that is over is done. */
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

/** `spawn`, `tell`, `stop`: the one child. `list`: all. `runners`: where one may be started. `escalate`: to whom. */
export const AgentChildAnswer = Type.Object({
  children: Type.Optional(Type.Array(ChildView)),
  runners: Type.Optional(Type.Array(ChildRunnerView)),
  escalatedTo: Type.Optional(Type.Union([Type.Literal('parent'), Type.Literal('people')])),
});
export type AgentChildAnswer = Static<typeof AgentChildAnswer>;

/** A worker fetches a file of its own session, a chunk (`ATTACHMENT_CHUNK_BYTES`) at a time; asked again, the same bytes. */
export const AgentAttachmentRequest = Type.Object({
  attachmentId: AttachmentId,
  /** From 0. */
  chunk: Type.Integer({ minimum: 0 }),
});
export type AgentAttachmentRequest = Static<typeof AgentAttachmentRequest>;

export const AgentAttachmentAnswer = Type.Object({ base64: Type.String() });
export type AgentAttachmentAnswer = Static<typeof AgentAttachmentAnswer>;

/** What services of the session's runner teach its agent: sigils it may write. Triggers are asked for by `triggers:request`. */
export const AgentServices = Type.Object({ sigilDefs: Type.Array(SigilDef) });
export type AgentServices = Static<typeof AgentServices>;

/** Commands to a running worker; each is answered. What cannot wait for an answer goes through the inbox instead. */
export const AgentCommand = Type.Union([
  Type.Object({ command: Type.Literal('abort') }),
  /** Goes on with a turn that was interrupted. */
  Type.Object({ command: Type.Literal('continue') }),
  Type.Object({ command: Type.Literal('set-model'), model: ModelRef }),
  Type.Object({ command: Type.Literal('set-name'), name: Type.String({ minLength: 1, maxLength: 200 }) }),
  /** `before`: the conversation goes on from before that entry. `end`: from the end of that entry's branch. */
  Type.Object({ command: Type.Literal('branch'), entryId: Type.String({ maxLength: 200 }), at: BranchPoint }),
  Type.Object({ command: Type.Literal('edit-input'), inputId: Type.String(), text: Type.String() }),
  Type.Object({ command: Type.Literal('remove-input'), inputId: Type.String() }),
  /** The worker alone decides which answer is the first; the same one again is answered as the first time. */
  Type.Object({
    command: Type.Literal('answer-approval'),
    approvalId: Type.String(),
    answer: ApprovalAnswer,
    by: ApprovalPerson,
  }),
  /** A parent session hands the question to people: viewers are shown so. */
  Type.Object({
    command: Type.Literal('hand-up-approval'),
    approvalId: Type.String(),
    by: Type.Object({ sessionId: Uuid, name: Type.String() }),
    reason: Type.Optional(Type.String()),
  }),
]);
export type AgentCommand = Static<typeof AgentCommand>;

/** Which files of the session's working folder fit what a person types. An empty query: those at the top. */
export const AgentFindFiles = Type.Object({
  query: Type.String({ maxLength: MAX_FILE_QUERY }),
  limit: Type.Integer({ minimum: 1, maximum: MAX_FOUND_FILES }),
});
export type AgentFindFiles = Static<typeof AgentFindFiles>;

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
   * The deliveries are in the session's file; only now does the relay forget them. Not answered: if it is lost, they are delivered again and
   * skipped.
   */
  'inbox:received': (message: { deliveryIds: string[] }) => void;
}
export interface RelayToAgent {
  'inbox:deliver': (message: { items: InboxItem[] }) => void;
  'agent:command': (message: AgentCommand, answer: (a: SocketAnswer) => void) => void;
  /** A worker of an older version does not answer. */
  'agent:find-files': (message: AgentFindFiles, answer: (a: SocketAnswer<FoundFiles>) => void) => void;
  /** The spec's `service_announce` as a session hears it: on registering and on every change, whole. */
  'services:announced': (message: AgentServices) => void;
  /** Finish: flush, send `session.closed`, exit. Sent when a session is stopped or this worker is superseded. */
  'agent:stop': (message: { reason: 'stopped' | 'superseded' }) => void;
}
