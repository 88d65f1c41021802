import { type ClaudeCall } from '../tools/claude-tools.js';
import { fitsAnyOf } from '../tools/tool-rule.js';
import type { HookOwner, OwnedHook } from './hook.js';
import { doWork, type HookHands } from './do-work.js';
import { blockedBy, failed, type HookAnswer, type HookPermission, NO_ANSWER } from './hook-answer.js';
import type { HookEvent } from './hook-events.js';
import { CLOSING_EVENTS } from './hook-tables.js';

/** Something that happened, as hooks are told of it. */
export interface HookOccasion {
  event: HookEvent;
  /** What a matcher is compared with. */
  names: readonly string[];
  /** Besides `hook_event_name`. */
  fields: Record<string, unknown>;
  /** The call that it is about, for the conditions of hooks. */
  call?: ClaudeCall;
  projectDir: string;
  /** How hard the model thinks that the hook is about; default: nobody knows. */
  effort?: string | null;
  signal?: AbortSignal | undefined;
  /** Whether a hook that is broken blocks what it could have blocked. Default: only where the hook says so itself. */
  failsClosed?: (hook: OwnedHook) => boolean;
  /** Called with the answer of a hook that nobody waited for. */
  onLate?: (answer: HooksAnswer) => void;
  /** Called when a hook begins. @returns what is called when it has ended */
  onBegin?: (hook: OwnedHook) => () => void;
}

/** Something that people are to be told of a hook. */
export interface HookRemark extends HookOwner {
  event: HookEvent;
  text: string;
}

/** What a hook wakes an idle agent with. */
export interface HookWake extends HookRemark {
  /** What people are told of it; null: nothing. */
  summary: string | null;
}

/** What all hooks together want. */
export interface HooksAnswer extends Omit<
  HookAnswer,
  'message' | 'problem' | 'isBroken' | 'block' | 'permission' | 'stop' | 'wake'
> {
  block: HookRemark | null;
  permission: (HookRemark & { decision: HookPermission }) | null;
  stop: HookRemark | null;
  wakes: HookWake[];
  messages: HookRemark[];
  problems: HookRemark[];
}

const STRICTNESS = { allow: 0, ask: 1, deny: 2 } as const satisfies Record<HookPermission, number>;

/** The hooks that an occasion is for; those that would do the same work, only once. */
export function hooksFor(
  hooks: readonly OwnedHook[],
  { event, names, call }: Pick<HookOccasion, 'event' | 'names' | 'call'>,
): OwnedHook[] {
  const chosen = hooks.filter(
    (hook) =>
      hook.event === event &&
      hook.matches(names.flatMap((name) => toolNamesFor(hook, name))) &&
      (hook.condition === null || call === undefined || fitsCondition(hook, hook.condition, call)),
  );
  // It is not the same where the plugin's folder is another, or where one of the two is waited for, or blocks when it is broken, and the other is not.
  const keyOf = ({ root, work, isAsync, failsClosed = false }: OwnedHook): string =>
    JSON.stringify([root, work, isAsync, failsClosed]);
  return [...new Map(chosen.map((hook) => [keyOf(hook), hook] as const)).values()];
}

/** A tool of a server goes by its name, and by the one that Claude Code gives it where the server is the plugin's own. */
function toolNamesFor({ plugin }: HookOwner, name: string): string[] {
  const [, own] = /^mcp__(.*)$/s.exec(name) ?? [];
  return own === undefined ? [name] : [name, `mcp__plugin_${plugin}_${own}`];
}

function fitsCondition(owner: HookOwner, condition: string, call: ClaudeCall): boolean {
  return toolNamesFor(owner, call.tool_name).some((name) => fitsAnyOf(condition, { ...call, tool_name: name }));
}

/** Runs the hooks that are for it, all at once, and puts together what they want. Never rejects. */
export async function runHooks(
  hooks: readonly OwnedHook[],
  occasion: HookOccasion,
  hands: HookHands,
): Promise<HooksAnswer> {
  const { event, fields } = occasion;
  const chosen = hooksFor(hooks, occasion);
  if (chosen.length === 0) return merged(event, []);
  const input = `${JSON.stringify({ ...fields, hook_event_name: event })}\n`;
  const answers = await Promise.all(
    chosen.map(async (hook) => {
      const running = runHook(hook, occasion, input, hands);
      if (!hook.isAsync) return { hook, answer: closed(hook, occasion, await running) };
      void running.then((found) => occasion.onLate?.(merged(event, [{ hook, answer: lateOf(found) }])));
      return { hook, answer: NO_ANSWER };
    }),
  );
  return merged(event, answers);
}

async function runHook(hook: OwnedHook, occasion: HookOccasion, input: string, hands: HookHands): Promise<HookAnswer> {
  const onEnd = occasion.onBegin?.(hook);
  try {
    const { projectDir, effort = null, signal } = occasion;
    return await doWork(hook, { input, projectDir, effort, signal }, hands);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed(`it could not be ${UNDONE[hook.work.type]} (${reason.slice(0, 500)})`);
  } finally {
    onEnd?.();
  }
}

/** What is still to be told of an answer that comes when everything has gone on. */
function lateOf({ context, message, wake, problem, isBroken }: HookAnswer): HookAnswer {
  return { ...NO_ANSWER, context, message, wake, problem, isBroken };
}

/** A broken hook that fails closed says no, where a no comes in time. */
function closed(hook: OwnedHook, { event, failsClosed }: HookOccasion, answer: HookAnswer): HookAnswer {
  const closes = hook.failsClosed === true || failsClosed?.(hook) === true;
  if (!answer.isBroken || !CLOSING_EVENTS.has(event) || !closes) return answer;
  const reason = `It is broken (${answer.problem ?? 'for no known reason'}), and without it this is not to be done.`;
  return { ...answer, ...blockedBy(event, reason) };
}

/** What could not be done with a hook, by its type; see {@link runHook}. */
const UNDONE = { command: 'started', http: 'posted', prompt: 'asked', agent: 'run', mcp_tool: 'called' } as const;

interface OneAnswer {
  hook: OwnedHook;
  answer: HookAnswer;
}

function merged(event: HookEvent, answers: readonly OneAnswer[]): HooksAnswer {
  const remarks = (of: (answer: HookAnswer) => string | null): HookRemark[] =>
    answers.flatMap(({ hook: { plugin, root }, answer }) => {
      const text = of(answer);
      return text === null ? [] : [{ plugin, root, event, text }];
    });
  const last = <T>(of: (answer: HookAnswer) => T | null): T | null =>
    answers.map(({ answer }) => of(answer)).findLast((value) => value !== null) ?? null;
  return {
    block: remarks(({ block }) => block)[0] ?? null,
    permission: strictest(event, answers),
    stop: remarks(({ stop }) => stop)[0] ?? null,
    wakes: answers.flatMap(({ hook, answer }) => wakeOf(event, hook, answer)),
    updatedInput: last(({ updatedInput }) => updatedInput),
    updatedOutput: last(({ updatedOutput }) => updatedOutput),
    title: last(({ title }) => title),
    action: last(({ action }) => action),
    context: answers.flatMap(({ answer }) => answer.context),
    messages: remarks(({ message }) => message),
    problems: remarks(({ problem }) => problem),
  };
}

function wakeOf(event: HookEvent, { plugin, root, wakes }: OwnedHook, { wake }: HookAnswer): HookWake[] {
  if (wake === null || !wakes) return [];
  const { message, summary } = wakes;
  return [{ plugin, root, event, summary, text: message === null ? wake : `${message}\n\n${wake}` }];
}

function strictest(event: HookEvent, answers: readonly OneAnswer[]): HooksAnswer['permission'] {
  return answers
    .flatMap(({ hook: { plugin, root }, answer: { permission } }) =>
      permission === null ? [] : [{ plugin, root, event, decision: permission.decision, text: permission.reason }],
    )
    .reduce<HooksAnswer['permission']>(
      (found, next) => (found === null || STRICTNESS[next.decision] > STRICTNESS[found.decision] ? next : found),
      null,
    );
}
