import type {
  Activity,
  ApprovalRequest,
  McpServerState,
  ModelRef,
  QueuedInput,
  QueueState,
  SessionCommand,
  SessionPlugin,
  SessionState,
  SessionUsage,
  SessionView,
  SubagentRun,
  TranscriptPage,
} from '@pizzapi/protocol';
import { emptyText, type GrowingText } from './growing-text';
import { toTranscriptItem } from './transcript-item';
import { emptyWindow, type ItemPage, type TranscriptWindow, windowFromPage } from './transcript-window';

export interface LiveBlock {
  readonly kind: 'text' | 'thinking' | 'toolCall';
  /** For a tool call: the JSON text of its arguments. */
  readonly text: GrowingText;
  readonly toolName: string;
  readonly toolCallId: string;
  readonly startedAt: string;
  readonly lastAt: string;
}
/** A question that waits for a person. */
export interface WaitingApproval {
  readonly request: ApprovalRequest;
  readonly seq: number;
}
/** The assistant message that is being written; `blocks` by index, with holes until their first delta. */
export interface MessageInProgress {
  readonly messageId: string;
  readonly seq: number;
  readonly blocks: readonly (LiveBlock | undefined)[];
}
export interface RunningTool {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly args: unknown;
  readonly output: GrowingText;
  readonly startedAt: string;
  readonly seq: number;
  readonly finished: { readonly isError: boolean; readonly durationMs: number } | null;
  /** Of the tool `subagent`: its steps so far. */
  readonly subagents: SubagentRun | null;
}
export interface Retry {
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly dueAtMs: number;
  readonly error: string;
}
export interface Problem {
  readonly seq: number;
  readonly ts: string;
  readonly code: string;
  readonly detail: string;
  /** Worth mentioning, though nothing went wrong. */
  readonly isHarmless?: boolean;
}
/** Characters of the message in progress, and over what time, for tokens per second. */
export interface Streaming {
  readonly characters: number;
  readonly firstAt: string;
  readonly lastAt: string;
}
/** A fact with the number of the event that brought it; 0 if none did. */
interface Fact<T> {
  readonly value: T;
  readonly seq: number;
}

/** The inputs that wait for the agent. */
interface Queue extends Fact<readonly QueuedInput[]> {
  /** How many more wait. */
  readonly more: number;
  /** It was read by REST, after the event that {@link seq} names. */
  readonly isOfRelay?: boolean;
}

/** Everything that a session's events say, as the page shows it. */
export interface Conversation {
  readonly window: TranscriptWindow;
  readonly message: MessageInProgress | null;
  readonly tools: ReadonlyMap<string, RunningTool>;
  /** By their ids, in the order in which they were asked. */
  readonly approvals: ReadonlyMap<string, WaitingApproval>;
  /** How long finished tool calls and thinking blocks took, where it was seen live; by tool call id or block key. */
  readonly durations: ReadonlyMap<string, number>;
  readonly queue: Queue;
  /** What an input may begin with. */
  readonly commands: readonly SessionCommand[];
  readonly plugins: readonly SessionPlugin[];
  readonly mcpServers: readonly McpServerState[];
  /** The last change of branch that the window takes into account; 0 for none. */
  readonly branchSeq: number;
  readonly activity: Fact<Activity | null>;
  readonly activitySince: string | null;
  /** The status text of a plugin's hook that the agent is waiting for. */
  readonly hookStatus: string | null;
  readonly model: Fact<ModelRef | null>;
  readonly name: Fact<string>;
  readonly usage: Fact<SessionUsage | null>;
  readonly retry: Retry | null;
  readonly compaction: { readonly reason: string } | null;
  readonly isInterrupted: boolean;
  readonly problems: readonly Problem[];
  readonly streaming: Streaming | null;
  /** Entries that arrived live since the page was opened; the view derives "12 new" from it. */
  readonly liveEntries: number;
  /** How often a page has taken the place of all that was there. */
  readonly pages: number;
  readonly hasLoaded: boolean;
}

export function emptyConversation(): Conversation {
  return {
    window: emptyWindow(),
    message: null,
    tools: new Map(),
    approvals: new Map(),
    durations: new Map(),
    queue: { value: [], more: 0, seq: 0 },
    commands: [],
    plugins: [],
    mcpServers: [],
    branchSeq: 0,
    activity: { value: null, seq: 0 },
    activitySince: null,
    hookStatus: null,
    model: { value: null, seq: 0 },
    name: { value: '', seq: 0 },
    usage: { value: null, seq: 0 },
    retry: null,
    compaction: null,
    isInterrupted: false,
    problems: [],
    streaming: null,
    liveEntries: 0,
    pages: 0,
    hasLoaded: false,
  };
}

/** Starts over from a page and the state as of the event before `nextSeq`. */
export function resyncConversation(
  conversation: Conversation,
  { page, state, nextSeq }: { page: TranscriptPage; state: SessionState; nextSeq: number },
): Conversation {
  const seq = nextSeq - 1;
  return {
    ...conversation,
    activity: { value: state.activity, seq },
    // Since when is not said, and what was known may be of an earlier turn.
    activitySince: null,
    model: { value: state.model, seq },
    usage: { value: state.usage, seq },
    queue: { value: state.queue, more: state.moreQueued ?? 0, seq },
    commands: state.commands ?? conversation.commands,
    plugins: state.plugins ?? conversation.plugins,
    mcpServers: state.mcpServers ?? conversation.mcpServers,
    branchSeq: state.branchSeq ?? 0,
    isInterrupted: state.isInterrupted,
    window: windowFromPage(toItemPage(page)),
    message: null,
    tools: new Map(),
    approvals: new Map(),
    retry: null,
    compaction: null,
    hookStatus: null,
    problems: [],
    streaming: null,
    pages: conversation.pages + 1,
    hasLoaded: true,
  };
}

/**
 * Takes over what REST says, except what the feed has said: a row is behind the events, and `lastEventSeq` is the log's
 * number, not the row's.
 */
export function applySnapshot(conversation: Conversation, session: SessionView): Conversation {
  const newer = <T>(fact: Fact<T>, value: T): Fact<T> => (fact.seq > 0 ? fact : { value, seq: 0 });
  return {
    ...conversation,
    activity: newer(conversation.activity, session.activity),
    model: newer(conversation.model, session.model),
    name: newer(conversation.name, session.name),
    usage: newer(conversation.usage, session.usage),
  };
}

/** The queue as of the event with that number. */
export function queueAsOf(seq: number, { inputs, more = 0 }: QueueState): Queue {
  return { value: inputs, more, seq };
}

/** Takes over the queue read by REST, unless an event has changed it since. @param askedAt the queue's {@link Fact.seq} when REST was asked */
export function applyInputs(conversation: Conversation, waiting: QueueState, askedAt: number): Conversation {
  const { queue } = conversation;
  return queue.seq === askedAt
    ? { ...conversation, queue: { ...queueAsOf(askedAt, waiting), isOfRelay: true } }
    : conversation;
}

export function toItemPage(page: TranscriptPage): ItemPage {
  return { items: page.entries.map((entry) => toTranscriptItem(entry)), hasMore: page.hasMore };
}

export function emptyBlock(kind: LiveBlock['kind'], ts: string, toolName = '', toolCallId = ''): LiveBlock {
  return { kind, text: emptyText(), toolName, toolCallId, startedAt: ts, lastAt: ts };
}
