import { isRecord, parsed } from '../manifest.js';
import type { HookEvent } from './hook-events.js';
import type { OwnedHook } from './hook.js';
import {
  blockedBy,
  cut,
  failed,
  firstLine,
  type HookAnswer,
  type HookEnd,
  NO_ANSWER,
  readHookAnswer,
  tooLate,
} from './hook-answer.js';
import { filledInput } from './hook-input.js';
import { POST_FAILED, postOrder } from './post.js';
import { questionOf, verdictIn } from './question.js';
import type { StartHook } from './hook-order.js';

/** Bytes that a hook may print. */
export const MAX_HOOK_OUTPUT_BYTES = 1024 * 1024;

/** By what hooks do their work. */
export interface HookHands {
  start: StartHook;
  /** Asks a model one question, beside the conversation. `model`: null for the session's. @returns what it says. @throws when it cannot be asked */
  askModel: (question: { prompt: string; model: string | null; signal: AbortSignal }) => Promise<string>;
  /**
   * Has a subagent look with tools of its own, for as long as it may; the time that a person takes to answer it does not count.
   * @returns what it says last, and what it did, for people; null where its time ran out. @throws when it fails, or there can be none
   */
  runAgent: (question: {
    plugin: string;
    prompt: string;
    model: string | null;
    timeoutMs: number;
    signal: AbortSignal;
  }) => Promise<{ answer: string; deeds: string } | null>;
  /** Calls a tool of an MCP server. @returns the text of its result. @throws when it fails, or may not be called */
  callTool: (call: {
    server: string;
    tool: string;
    input: Record<string, unknown>;
    signal: AbortSignal;
  }) => Promise<string>;
}

interface Given {
  /** What the hook is told, as JSON. */
  input: string;
  projectDir: string;
  /** How hard the model thinks; null: nobody knows. */
  effort: string | null;
  signal: AbortSignal | undefined;
}

/** Runs a hook to its end. @throws when its work cannot be done */
export function doWork(hook: OwnedHook, given: Given, hands: HookHands): Promise<HookAnswer> {
  const { event, work } = hook;
  switch (work.type) {
    case 'command':
      return runCommand(hook, work, given, hands.start);
    case 'http':
      return post(hook, work, given, hands.start);
    case 'prompt': {
      const { model, continueOnBlock } = work;
      const prompt = questionOf(work.prompt, given.input);
      return inTime(hook, given, async (signal) => {
        const said = await hands.askModel({ prompt, model, signal });
        const isLet = GOING_ON.has(event) && verdictIn(said)?.isImpossible === true;
        return isLet ? NO_ANSWER : judged(event, said, !continueOnBlock && ENDING.has(event));
      });
    }
    case 'agent':
      return look(hook, work, given, hands.runAgent);
    case 'mcp_tool': {
      const { server, tool } = work;
      const input = filledInput(work.input, parsed(given.input));
      return inTime(hook, given, async (signal) => {
        const stdout = await hands.callTool({ server, tool, input: isRecord(input) ? input : {}, signal });
        return readHookAnswer(event, { code: 0, end: 'exit', stdout, stderr: '' }, limitsOf(hook));
      });
    }
  }
}

/** Where a model's no ends the turn. */
const ENDING = new Set<HookEvent>(['PreToolUse', 'PostToolUse']);
/** Where a model's no has the agent go on; what it calls impossible must not. */
const GOING_ON = new Set<HookEvent>(['Stop', 'SubagentStop']);

/** What a model's yes or no means. */
function judged(event: HookEvent, said: string, ends: boolean): HookAnswer {
  const verdict = verdictIn(said);
  if (verdict === null) return failed('the model answered with something else than {"ok": …}');
  if (verdict.ok) return NO_ANSWER;
  return { ...NO_ANSWER, ...blockedBy(event, verdict.reason), ...(ends && { stop: cut(verdict.reason) }) };
}

type Work<Type> = Extract<OwnedHook['work'], { type: Type }>;

async function runCommand(
  hook: OwnedHook,
  { command, args }: Work<'command'>,
  { input, projectDir, effort, signal }: Given,
  start: StartHook,
): Promise<HookAnswer> {
  const places = { CLAUDE_PLUGIN_ROOT: hook.root, CLAUDE_PROJECT_DIR: projectDir };
  const ended = await start({
    // A line of shell reads the places from its environment: a folder's name must not become code.
    command: args === null ? command : filled(command, places),
    args: args?.map((arg) => filled(arg, places)) ?? null,
    env: { ...places, ...(effort !== null && { CLAUDE_EFFORT: effort }) },
    input,
    signal,
    ...limitsOf(hook),
  });
  const answer = readHookAnswer(hook.event, ended, limitsOf(hook));
  return hook.wakes && ended.end === 'exit' && ended.code === 2 ? { ...answer, wake: wakeWords(ended) } : answer;
}

/** What is told to an agent that a hook wakes. */
function wakeWords({ stdout, stderr }: HookEnd): string {
  return cut(stderr.trim() || stdout.trim() || 'It gave no reason.');
}

/** It is waited for to its end: what it used is entered where nobody else writes any more. */
async function look(
  { event, plugin, timeoutMs }: OwnedHook,
  { prompt, model }: Work<'agent'>,
  { input, signal = new AbortController().signal }: Given,
  runAgent: HookHands['runAgent'],
): Promise<HookAnswer> {
  if (signal.aborted) return NO_ANSWER;
  try {
    const found = await runAgent({ plugin, prompt: questionOf(prompt, input), model, timeoutMs, signal });
    return found === null ? tooLate(timeoutMs) : { ...judged(event, found.answer, false), message: found.deeds };
  } catch (error) {
    if (signal.aborted) return NO_ANSWER;
    throw error;
  }
}

async function post(
  hook: OwnedHook,
  work: Work<'http'>,
  { input, signal }: Given,
  start: StartHook,
): Promise<HookAnswer> {
  const ended = await start({ ...postOrder(work, input), signal, ...limitsOf(hook) });
  const { code, end, stderr } = ended;
  if (end === 'exit' && code === POST_FAILED) return failed(`its address ${firstLine(stderr)}`);
  return readHookAnswer(hook.event, ended, limitsOf(hook));
}

function limitsOf({ timeoutMs }: OwnedHook) {
  return { timeoutMs, maxBytes: MAX_HOOK_OUTPUT_BYTES };
}

async function inTime(
  { timeoutMs }: OwnedHook,
  { signal: given }: Given,
  work: (signal: AbortSignal) => Promise<HookAnswer>,
): Promise<HookAnswer> {
  if (given?.aborted) return NO_ANSWER;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error('late')), timeoutMs);
  const signal = given ? AbortSignal.any([given, late.signal]) : late.signal;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(signal), aborted]);
  } catch (error) {
    if (given?.aborted) return NO_ANSWER;
    if (late.signal.aborted) return tooLate(timeoutMs);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function filled(text: string, places: Record<string, string>): string {
  return text.replace(/\$\{(CLAUDE_\w+)\}/g, (whole, name: string) => places[name] ?? whole);
}
