import type { SandboxViolation } from '@pizzapi/protocol';
import type { Conversation, LiveBlock, MessageInProgress, Problem, RunningTool } from './conversation';
import type { Row, ToolCall } from './row';
import type { AssistantItem, ToolItem, TranscriptItem } from './transcript-item';
import { type TranscriptWindow, visibleItems } from './transcript-window';

const NONE: readonly SandboxViolation[] = [];

export type SettledPart = Pick<Conversation, 'window' | 'tools' | 'durations' | 'problems'>;
export type LivePart = Pick<
  Conversation,
  'message' | 'approvals' | 'retry' | 'compaction' | 'hookStatus' | 'isInterrupted'
>;

/** All rows: a row per block of text, consecutive tool calls together, what is in progress last. */
export function toRows(conversation: Conversation): Row[] {
  return joinRows(settledRows(conversation), conversation.window.isJoined ? liveRows(conversation) : []);
}

/** The rows of finished entries; they change with an entry or a tool's progress, not with the deltas of a message. */
export function settledRows({ window, tools, durations, problems }: SettledPart): Row[] {
  const items = visibleItems(window);
  const calls = { results: resultsByCall(items), violations: violationsByCall(items), tools, durations };
  const known = new Set<string>();
  const rows: Row[] = [];
  const waiting = problems.filter((problem) => isPlaced(problem, items, window));
  for (const item of items) {
    for (let next = waiting[0]; next !== undefined && next.seq < item.seq; next = waiting[0]) {
      pushRow(rows, problemRow(next));
      waiting.shift();
    }
    for (const row of rowsOf(item, calls, known)) pushRow(rows, row);
  }
  for (const problem of waiting) pushRow(rows, problemRow(problem));
  return rows;
}

/** What is in progress. A detached window shows none of it. */
export function liveRows(live: LivePart): Row[] {
  const { message, approvals, retry, compaction, hookStatus, isInterrupted } = live;
  const rows: Row[] = [];
  message?.blocks.forEach((block, index) => {
    if (block !== undefined) pushRow(rows, liveRow(message, block, index));
  });
  for (const [approvalId, { request, seq }] of approvals)
    rows.push({ kind: 'approval', key: `approval:${approvalId}`, seq, request, settled: null });
  if (retry !== null) rows.push({ kind: 'retry', key: 'retry', seq: 0, retry, isCauseSaid: false });
  if (compaction !== null) rows.push({ kind: 'compaction', key: 'compaction', seq: 0 });
  if (hookStatus !== null) rows.push({ kind: 'hookStatus', key: 'hookStatus', seq: 0, text: hookStatus });
  if (isInterrupted) rows.push({ kind: 'continue', key: 'continue', seq: 0 });
  return rows;
}

export function joinRows(settled: readonly Row[], live: readonly Row[]): Row[] {
  const rows = settled.slice();
  for (const row of live) pushRow(rows, row);
  return rows;
}

interface Result {
  readonly item: ToolItem;
  /** Since the answer that asked for the call, or the result before it: how long the call took, when calls run one after the other. */
  readonly elapsedMs: number;
}

/** What finished entries and progress say about calls, by call id. */
interface KnownOfCalls {
  readonly results: ReadonlyMap<string, Result>;
  readonly violations: ReadonlyMap<string, readonly SandboxViolation[]>;
  readonly tools: ReadonlyMap<string, RunningTool>;
  readonly durations: ReadonlyMap<string, number>;
}

function violationsByCall(items: readonly TranscriptItem[]): Map<string, SandboxViolation[]> {
  const violations = new Map<string, SandboxViolation[]>();
  for (const item of items) {
    if (item.kind !== 'violation' || item.violation.toolCallId === null) continue;
    const { toolCallId } = item.violation;
    violations.set(toolCallId, [...(violations.get(toolCallId) ?? []), item.violation]);
  }
  return violations;
}

function resultsByCall(items: readonly TranscriptItem[]): Map<string, Result> {
  const results = new Map<string, Result>();
  let since = Number.NaN;
  for (const item of items) {
    // Entries that arrive while a call runs (an answered question, a sandbox violation) say nothing about when it began.
    if (item.kind !== 'tool' && item.kind !== 'assistant') continue;
    const at = Date.parse(item.ts);
    if (item.kind === 'tool') results.set(item.toolCallId, { item, elapsedMs: at - since });
    since = at;
  }
  return results;
}

function rowsOf(item: TranscriptItem, calls: KnownOfCalls, known: Set<string>): Row[] {
  const { key, seq } = item;
  switch (item.kind) {
    case 'user':
      return [{ kind: 'user', key, seq, item }];
    case 'trigger':
      return [{ kind: 'trigger', key, seq, item }];
    case 'approval':
      return [{ kind: 'approval', key, seq, request: item.approval, settled: item.approval }];
    case 'notice':
      return [{ kind: 'notice', key, seq, item }];
    case 'violation':
      return known.has(item.violation.toolCallId ?? '') ? [] : [{ kind: 'violation', key, seq, item }];
    case 'tool': {
      // Its call is in a page that is not in memory.
      if (known.has(item.toolCallId)) return [];
      const call = settledCall(item, item.toolCallId, item.toolName, undefined, calls);
      return [callRow(call)];
    }
    case 'assistant':
      return assistantRows(item, calls, known);
  }
}

function assistantRows(item: AssistantItem, calls: KnownOfCalls, known: Set<string>): Row[] {
  const { seq } = item;
  const rows = item.blocks.flatMap((block, index): Row[] => {
    const key = `${item.key}:${index}`;
    if (block.kind === 'toolCall') {
      known.add(block.toolCallId);
      const call = settledCall(item, block.toolCallId, block.toolName, block.args, calls);
      return [callRow(call)];
    }
    if (block.text.trim() === '') return [];
    if (block.kind === 'text') return [{ kind: 'text', key, seq, text: block.text, isLive: false }];
    return [
      { kind: 'thinking', key, seq, text: block.text, isLive: false, durationMs: calls.durations.get(key) ?? null },
    ];
  });
  return item.outcome === 'done' ? rows : [...rows, { kind: 'ending', key: `${item.key}:end`, seq, item, times: 1 }];
}

function settledCall(
  { seq }: TranscriptItem,
  toolCallId: string,
  toolName: string,
  args: unknown,
  { results, violations, tools, durations }: KnownOfCalls,
): ToolCall {
  const result = results.get(toolCallId);
  const elapsedMs = result !== undefined && result.elapsedMs >= 0 ? result.elapsedMs : null;
  return {
    toolCallId,
    toolName,
    seq,
    args,
    argsText: null,
    running: tools.get(toolCallId) ?? null,
    result: result?.item ?? null,
    durationMs: durations.get(toolCallId) ?? elapsedMs,
    violations: violations.get(toolCallId) ?? NONE,
  };
}

function liveRow(message: MessageInProgress, block: LiveBlock, index: number): Row {
  const { seq, messageId } = message;
  const { text } = block;
  const key = `${messageId}:${index}`;
  if (block.kind === 'text') return { kind: 'text', key, seq, text, isLive: true };
  if (block.kind === 'thinking') {
    const durationMs = Date.parse(block.lastAt) - Date.parse(block.startedAt);
    const isLive = message.blocks.length === index + 1;
    return { kind: 'thinking', key, seq, text, isLive, durationMs };
  }
  const { toolCallId, toolName } = block;
  const call: ToolCall = {
    toolCallId,
    toolName,
    seq,
    args: undefined,
    argsText: text,
    running: null,
    result: null,
    durationMs: null,
    violations: NONE,
  };
  return callRow(call);
}

function callRow(call: ToolCall): Row {
  const { toolCallId, toolName, seq } = call;
  const key = `tool:${toolCallId}`;
  return toolName === 'subagent' ? { kind: 'subagents', key, seq, call } : { kind: 'tools', key, seq, calls: [call] };
}

/** Consecutive calls share one row, under the first one's key; so do attempts that failed for the same reason. */
function pushRow(rows: Row[], row: Row): void {
  const last = rows.at(-1);
  if (row.kind === 'tools' && last?.kind === 'tools') {
    rows[rows.length - 1] = { ...last, calls: [...last.calls, ...row.calls] };
  } else if (row.kind === 'ending' && last?.kind === 'ending' && isSameError(last.item, row.item)) {
    rows[rows.length - 1] = { ...last, times: last.times + row.times };
  } else if (row.kind === 'retry') {
    rows.push({ ...row, isCauseSaid: last?.kind === 'ending' && last.item.errorMessage === row.retry.error });
  } else {
    rows.push(row);
  }
}

function isSameError(a: AssistantItem, b: AssistantItem): boolean {
  return a.outcome === 'error' && b.outcome === 'error' && a.errorMessage === b.errorMessage;
}

function problemRow(problem: Problem): Row {
  return { kind: 'problem', key: `problem:${problem.seq}`, seq: problem.seq, problem };
}

function isPlaced(problem: Problem, items: readonly TranscriptItem[], window: TranscriptWindow): boolean {
  const first = items[0];
  const last = items.at(-1);
  if (first === undefined || last === undefined) return true;
  // What happened before the first entry comes first.
  const isAfterStart = problem.seq > first.seq || !window.hasOlder;
  return isAfterStart && (window.isJoined || problem.seq < last.seq);
}
