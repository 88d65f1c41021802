import { isRecord, parsed } from '../manifest.js';
import { type HookEvent, hookEvent } from './hook-events.js';
import { responseText } from '../tools/claude-tools.js';
import { HOOK_ANSWERS } from './hook-tables.js';

/** How a hook's process ended. `limit`: it printed more than it may, and was ended. */
export interface HookEnd {
  /** Null: a signal ended it. */
  code: number | null;
  end: 'exit' | 'timeout' | 'cancel' | 'limit';
  stdout: string;
  stderr: string;
}

/** Whether a call may run, as hooks say. The strictest of several counts. */
export type HookPermission = 'allow' | 'ask' | 'deny';

/** What a hook wants. */
export interface HookAnswer {
  /** Why what is about to happen must not, or what the model has to put right. */
  block: string | null;
  /** Of a tool call. */
  permission: { decision: HookPermission; reason: string } | null;
  /** What takes the place of the call's arguments, in Claude Code's names. */
  updatedInput: Record<string, unknown> | null;
  /** What takes the place of the call's result. */
  updatedOutput: string | null;
  /** What the model is told besides. */
  context: string[];
  /** What people are told. */
  message: string | null;
  /** The agent is to stop; why. */
  stop: string | null;
  /** How the session is to be called. */
  title: string | null;
  /** What an MCP server is answered that asks people. */
  action: 'decline' | 'cancel' | null;
  /** Of one that nobody waits for: what the agent is woken with. */
  wake: string | null;
  /** What is wrong with the hook, a sentence without a full stop. Nothing is held up by it, unless its plugin fails closed. */
  problem: string | null;
  /** Whether it did not come to an answer; otherwise {@link problem} is about what it answered. */
  isBroken: boolean;
}

export const NO_ANSWER: HookAnswer = {
  block: null,
  permission: null,
  updatedInput: null,
  updatedOutput: null,
  context: [],
  message: null,
  stop: null,
  title: null,
  action: null,
  wake: null,
  problem: null,
  isBroken: false,
};

/** Characters of one text of a hook that are passed on. */
const MAX_TEXT = 10_000;
/** Events whose block is a word to the model about what has happened. */
const BLOCKED_TOOL = new Set<HookEvent>(['PreToolUse', 'PermissionRequest']);

/** What a hook's end means: its exit code, and its JSON where it printed one. */
export function readHookAnswer(
  event: HookEvent,
  ended: HookEnd,
  limits: { timeoutMs: number; maxBytes: number },
): HookAnswer {
  const { code, end, stdout, stderr } = ended;
  if (end === 'timeout') return tooLate(limits.timeoutMs);
  if (end === 'limit') return failed(`it printed more than ${Math.round(limits.maxBytes / 1_024)} KB and was ended`);
  if (end === 'cancel') return NO_ANSWER;
  const text = stdout.trim();
  const json = text.startsWith('{') ? parsed(text) : null;
  const answer = isRecord(json) ? readJson(event, json) : null;
  if (code === 2 && hookEvent(event).heedsVeto !== false) return vetoed(event, answer, stderr.trim());
  // As Claude Code does: what it says by JSON decides, also where it then fails.
  if (answer !== null && (code === 0 || (isRecord(json) && Object.keys(json).some(isAnswer)))) return answer;
  if (code !== 0) return failed(endText(code, firstLine(stderr)));
  return text.startsWith('{') ? failed('what it printed begins as JSON and is none') : plain(event, text);
}

function endText(code: number | null, said: string): string {
  return `it ended with ${code === null ? 'a signal' : `exit code ${code}`}${said && `: ${said}`}`;
}

/** Exit code 2 is a no, whatever JSON says; the reason is that of its JSON, where it says no by that, too. */
function vetoed(event: HookEvent, answer: HookAnswer | null, said: string): HookAnswer {
  const denied = answer?.permission?.decision === 'deny' ? answer.permission.reason : null;
  const reason = answer?.block ?? denied ?? (said || 'It gave no reason.');
  return { ...(answer ?? NO_ANSWER), updatedInput: null, ...blockedBy(event, reason) };
}

export function tooLate(timeoutMs: number): HookAnswer {
  return failed(`it did not end within ${timeoutMs / 1_000} s and was ended`);
}

/** A hook that is broken. */
export function failed(problem: string): HookAnswer {
  return { ...NO_ANSWER, problem, isBroken: true };
}

/** What the event makes of a hook's no. */
export function blockedBy(event: HookEvent, reason: string): Partial<HookAnswer> {
  const said = cut(reason);
  return BLOCKED_TOOL.has(event) ? { permission: { decision: 'deny', reason: said } } : { block: said };
}

function plain(event: HookEvent, text: string): HookAnswer {
  return text !== '' && hookEvent(event).readsText === true ? { ...NO_ANSWER, context: [cut(text)] } : NO_ANSWER;
}

function readJson(event: HookEvent, answer: Record<string, unknown>): HookAnswer {
  const specific = isRecord(answer['hookSpecificOutput']) ? answer['hookSpecificOutput'] : {};
  const named = specific['hookEventName'];
  const isOther = named !== undefined && named !== event;
  const own = isOther ? {} : specific;
  const context = textIn(own, 'additionalContext');
  return {
    ...NO_ANSWER,
    ...(answer['continue'] === false &&
      hookEvent(event).endsTurn !== false && { stop: textIn(answer, 'stopReason') ?? 'It gave no reason.' }),
    ...decisionOf(event, answer),
    ...permissionOf(event, own),
    updatedOutput: outputIn(own),
    context: context === null ? [] : [context],
    message: textIn(answer, 'systemMessage'),
    title: textIn(own, 'sessionTitle'),
    action: actionIn(own),
    problem: isOther
      ? `its answer is for ${JSON.stringify(named).slice(0, 100)} and not for ${event}`
      : unfollowed(event, answer, own),
    isBroken: isOther,
  };
}

/** What of it nobody heeds, so that whoever wrote it does not wait for it. */
function unfollowed(event: HookEvent, answer: Record<string, unknown>, own: Record<string, unknown>): string | null {
  const { decision, permissionDecision } = own;
  const fields = [
    ...Object.keys(answer).filter((field) => field !== 'hookSpecificOutput' && !isFollowed(field)),
    ...(own['action'] !== undefined && actionIn(own) === null
      ? [`action: ${JSON.stringify(own['action']).slice(0, 40)}`]
      : []),
    ...(hookEvent(event).heedsVeto === false && answer['decision'] !== undefined ? ['decision'] : []),
    ...Object.keys(own).filter((field) => !isFollowed(`hookSpecificOutput.${field}`)),
    ...(isRecord(decision) ? Object.keys(decision) : [])
      .filter((field) => !DECISION_FIELDS.has(field))
      .map((field) => `decision.${field}`),
    ...(permissionDecision === undefined || isPermission(permissionDecision)
      ? []
      : [`permissionDecision: ${JSON.stringify(permissionDecision).slice(0, 40)}`]),
  ];
  return fields.length === 0 ? null : `of its answer is not followed: ${fields.join(', ').slice(0, 500)}`;
}

const DECISION_FIELDS = new Set(['behavior', 'message', 'interrupt']);

/** Whether a field at the top makes an object an answer, rather than something that was printed by the way. */
function isAnswer(field: string): boolean {
  return field === 'hookSpecificOutput' || isFollowed(field);
}

function isFollowed(field: string): boolean {
  return Object.hasOwn(HOOK_ANSWERS, field);
}

/** `approve` is the older word for `allow`. */
function decisionOf(event: HookEvent, answer: Record<string, unknown>): Partial<HookAnswer> {
  const { decision } = answer;
  const reason = textIn(answer, 'reason') ?? 'It gave no reason.';
  if (decision === 'block' && hookEvent(event).heedsVeto !== false) return blockedBy(event, reason);
  return decision === 'approve' && event === 'PreToolUse' ? { permission: { decision: 'allow', reason } } : {};
}

function permissionOf(event: HookEvent, own: Record<string, unknown>): Partial<HookAnswer> {
  if (event === 'PreToolUse') {
    const { permissionDecision: decision, updatedInput } = own;
    const reason = textIn(own, 'permissionDecisionReason') ?? 'It gave no reason.';
    return {
      ...(isPermission(decision) && { permission: { decision, reason } }),
      ...(isRecord(updatedInput) && { updatedInput }),
    };
  }
  const { decision } = own;
  if (event !== 'PermissionRequest' || !isRecord(decision) || decision['behavior'] !== 'deny') return {};
  const reason = textIn(decision, 'message') ?? 'It gave no reason.';
  return {
    permission: { decision: 'deny', reason },
    ...(decision['interrupt'] === true && { stop: reason }),
  };
}

function isPermission(value: unknown): value is HookPermission {
  return value === 'allow' || value === 'ask' || value === 'deny';
}

function actionIn({ action }: Record<string, unknown>): HookAnswer['action'] {
  return action === 'decline' || action === 'cancel' ? action : null;
}

function outputIn(own: Record<string, unknown>): string | null {
  const value = own['updatedToolOutput'] ?? own['updatedMCPToolOutput'];
  return value === undefined || value === null ? null : responseText(value);
}

function textIn(fields: Record<string, unknown>, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' && value.trim() !== '' ? cut(value.trim()) : null;
}

/** What of a text is passed on. */
export function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** Of what a hook said on its error stream. */
export function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.slice(0, 300);
}
