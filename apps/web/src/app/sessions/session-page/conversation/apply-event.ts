import type { SessionEvent, SessionEventType } from '@pizzapi/protocol';
import { isApprovalRequest } from '../../../core/api/approval-shapes';
import {
  type Conversation,
  emptyBlock,
  type MessageInProgress,
  type Problem,
  queueAsOf,
  type RunningTool,
} from './conversation';
import { appendText, emptyText } from './growing-text';
import { applySubagentChange } from './subagent-run';
import { toTranscriptItem, type TranscriptItem } from './transcript-item';
import { appendLive } from './transcript-window';

type EventOf<T extends SessionEventType> = Extract<SessionEvent, { type: T }>;

/** Applies events in their order. The caller has dropped numbers it had; entries are idempotent by their id. */
export function applyEvents(conversation: Conversation, events: readonly SessionEvent[]): Conversation {
  return events.reduce(applyEvent, conversation);
}

export function applyEvent(c: Conversation, event: SessionEvent): Conversation {
  const { seq } = event;
  switch (event.type) {
    case 'entry.appended':
      return entryAppended(c, event);
    case 'message.started':
      return { ...c, message: { messageId: event.data.messageId, seq, blocks: [] }, retry: null, streaming: null };
    case 'message.delta':
      return messageDelta(c, event);
    case 'tool.started':
      return withTool(c, {
        ...event.data,
        output: emptyText(),
        startedAt: event.ts,
        seq,
        finished: null,
        subagents: null,
      });
    case 'tool.output':
      return toolOutput(c, event);
    case 'subagent.changed':
      return subagentChanged(c, event);
    case 'tool.finished':
      return toolFinished(c, event);
    case 'approval.requested':
      return approvalRequested(c, event);
    case 'activity.changed':
      return activityChanged(c, event);
    case 'model.changed':
      return { ...c, model: { value: event.data.model, seq } };
    case 'name.changed':
      return { ...c, name: { value: event.data.name, seq } };
    case 'usage.changed':
      return { ...c, usage: { value: event.data.usage, seq } };
    case 'queue.changed':
      return { ...c, queue: queueAsOf(seq, event.data) };
    case 'commands.changed':
      return offerChanged(c, event);
    default:
      return applyIncident(c, event);
  }
}

function offerChanged(c: Conversation, { data }: EventOf<'commands.changed'>): Conversation {
  return { ...c, commands: data.commands, plugins: data.plugins ?? [], mcpServers: data.mcpServers ?? [] };
}

/** Events about the run itself rather than its conversation. */
function applyIncident(c: Conversation, event: SessionEvent): Conversation {
  switch (event.type) {
    case 'retry.started': {
      const { attempt, maxAttempts, delayMs, error } = event.data;
      return { ...c, message: null, retry: { attempt, maxAttempts, error, dueAtMs: Date.parse(event.ts) + delayMs } };
    }
    case 'retry.finished':
      return { ...c, retry: null };
    case 'compaction.started':
      return { ...c, compaction: { reason: event.data.reason } };
    case 'compaction.finished':
      return event.data.isSuccess
        ? { ...c, compaction: null }
        : { ...withProblem(c, event, compactionProblem(event.data)), compaction: null };
    case 'error.raised':
      return withProblem(c, event, event.data);
    case 'turn.interrupted':
      return { ...withoutProgress(c), isInterrupted: true };
    case 'session.opened':
      return { ...withoutInputs(withoutProgress(c)), activity: { value: 'idle', seq: event.seq } };
    case 'session.closed':
      return {
        ...withoutProgress(c),
        activity: { value: event.data.reason === 'paused' ? 'paused' : null, seq: event.seq },
      };
    default:
      return c;
  }
}

/** The queue read by REST is with the worker now: from here on its events report it. */
function withoutInputs(c: Conversation): Conversation {
  return c.queue.seq > 0 ? c : { ...c, queue: { value: [], more: 0, seq: 0 } };
}

function entryAppended(c: Conversation, { seq, data }: EventOf<'entry.appended'>): Conversation {
  const { messageId, ...entry } = data;
  const item = toTranscriptItem({ seq, ...entry }, messageId);
  // A replayed entry is in the page already, or on another branch. What it settles is settled all the same.
  const window = seq <= c.branchSeq ? c.window : appendLive(c.window, item);
  const added = window === c.window ? c : { ...c, window, liveEntries: c.liveEntries + 1 };
  if (item.kind === 'approval') return withoutApproval(added, item.approval.approvalId);
  return item.kind === 'tool' ? withoutTool(added, item.toolCallId) : settleMessage(added, item, messageId);
}

/** The entry replaces the message in progress; what is known only live, how long it thought, is kept. */
function settleMessage(c: Conversation, item: TranscriptItem, messageId: string | undefined): Conversation {
  const { message } = c;
  const isItsEntry = messageId === undefined ? item.kind === 'assistant' : messageId === message?.messageId;
  if (message === null || !isItsEntry) return c;
  const durations = new Map(c.durations);
  message.blocks.forEach((block, index) => {
    if (block?.kind !== 'thinking') return;
    durations.set(`${item.key}:${index}`, Date.parse(block.lastAt) - Date.parse(block.startedAt));
  });
  return { ...c, message: null, durations };
}

function messageDelta(c: Conversation, event: EventOf<'message.delta'>): Conversation {
  const { messageId, index, kind, delta, toolName, toolCallId } = event.data;
  const message: MessageInProgress =
    c.message?.messageId === messageId ? c.message : { messageId, seq: event.seq, blocks: [] };
  const block = message.blocks[index] ?? emptyBlock(kind, event.ts, toolName, toolCallId);
  // A copy of a handful of blocks; the text itself is shared and only grows.
  const blocks = message.blocks.slice();
  blocks[index] = { ...block, text: appendText(block.text, delta), lastAt: event.ts };
  const { characters = 0, firstAt = event.ts } = c.streaming ?? {};
  return {
    ...c,
    message: { ...message, blocks },
    streaming: { characters: characters + delta.length, firstAt, lastAt: event.ts },
  };
}

function withTool(c: Conversation, tool: RunningTool): Conversation {
  return { ...c, tools: new Map(c.tools).set(tool.toolCallId, tool), streaming: null };
}

function withoutTool(c: Conversation, toolCallId: string): Conversation {
  if (!c.tools.has(toolCallId)) return c;
  const tools = new Map(c.tools);
  tools.delete(toolCallId);
  return { ...c, tools };
}

/** A kind that is unknown here is left to a newer console. */
function approvalRequested(c: Conversation, { seq, data }: EventOf<'approval.requested'>): Conversation {
  if (!isApprovalRequest(data)) return c;
  return { ...c, approvals: new Map(c.approvals).set(data.approvalId, { request: data, seq }), streaming: null };
}

function withoutApproval(c: Conversation, approvalId: string): Conversation {
  if (!c.approvals.has(approvalId)) return c;
  const approvals = new Map(c.approvals);
  approvals.delete(approvalId);
  return { ...c, approvals };
}

function toolOutput(c: Conversation, event: EventOf<'tool.output'>): Conversation {
  const { toolCallId, delta, reset } = event.data;
  const tool = c.tools.get(toolCallId);
  if (tool === undefined) return c;
  const output = appendText(reset === true ? emptyText() : tool.output, delta);
  return { ...c, tools: new Map(c.tools).set(toolCallId, { ...tool, output }) };
}

function subagentChanged(c: Conversation, { data }: EventOf<'subagent.changed'>): Conversation {
  const tool = c.tools.get(data.toolCallId);
  if (tool === undefined) return c;
  const subagents = applySubagentChange(tool.subagents, data);
  return { ...c, tools: new Map(c.tools).set(data.toolCallId, { ...tool, subagents }) };
}

function toolFinished(c: Conversation, event: EventOf<'tool.finished'>): Conversation {
  const { toolCallId, isError, durationMs } = event.data;
  const durations = new Map(c.durations).set(toolCallId, durationMs);
  const tool = c.tools.get(toolCallId);
  if (tool === undefined) return { ...c, durations };
  const tools = new Map(c.tools).set(toolCallId, { ...tool, finished: { isError, durationMs } });
  return { ...c, durations, tools };
}

function activityChanged(c: Conversation, event: EventOf<'activity.changed'>): Conversation {
  const { activity, status = null } = event.data;
  const changed = {
    ...c,
    hookStatus: status,
    activity: { value: activity, seq: event.seq },
    activitySince: activity === c.activity.value ? (c.activitySince ?? event.ts) : event.ts,
  };
  if (activity === 'working') return { ...changed, isInterrupted: false };
  return activity === 'idle' ? { ...changed, streaming: null, retry: null } : changed;
}

function withProblem(c: Conversation, { seq, ts }: SessionEvent, problem: Omit<Problem, 'seq' | 'ts'>): Conversation {
  return { ...c, problems: [...c.problems, { seq, ts, ...problem }].slice(-50) };
}

function compactionProblem({ error = '', isNeedless = false }: EventOf<'compaction.finished'>['data']) {
  return { code: 'compaction_failed', detail: error, isHarmless: isNeedless };
}

function withoutProgress(c: Conversation): Conversation {
  return {
    ...c,
    message: null,
    tools: new Map(),
    approvals: new Map(),
    retry: null,
    compaction: null,
    hookStatus: null,
    streaming: null,
  };
}
