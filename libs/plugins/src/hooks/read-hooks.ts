import { join } from 'node:path';
import { isRecord, parsed, placesOf, readPart } from '../manifest.js';
import type { PluginProblem } from '../plugin.js';
import type { HookWork, PluginHook } from './hook.js';
import {
  AGENT_TIMEOUT_S,
  CALL_EVENTS,
  HOOK_EVENTS,
  type HookEvent,
  hookEvent,
  isHookEvent,
  isKnownEvent,
  MAX_TIMEOUT_S,
  PROMPT_TIMEOUT_S,
  STANDARD_TIMEOUT_S,
} from './hook-events.js';
import { isToolRule } from '../tools/tool-rule.js';
import { CLOSING_EVENTS } from './hook-tables.js';
import { matcherOf } from './matcher.js';
import { readWork } from './read-work.js';

export interface ReadHooks {
  hooks: PluginHook[];
  problems: PluginProblem[];
  unadapted: string[];
}

/** A plugin's hooks: those of `hooks/hooks.json`, and those of its manifest, which names files or holds them itself. */
export function readHooks(folder: string, manifestFile: string, named: unknown): ReadHooks {
  const found: ReadHooks = { hooks: [], problems: [], unadapted: [] };
  const values = [named].flat();
  const { paths, outside } = placesOf(folder, join('hooks', 'hooks.json'), values);
  found.unadapted.push(...outside.map((path) => `${path} is not used: it lies outside of the plugin.`));
  for (const [index, path] of paths.entries()) {
    const text = readPart(path);
    if (typeof text === 'string') take(found, path, parsed(text));
    else if (text !== null) found.problems.push(text);
    // The usual file may be missing; one that the manifest names may not.
    else if (index > 0) found.problems.push({ path, detail: 'the manifest names it, and it cannot be read' });
  }
  for (const inline of values.filter(isRecord)) take(found, manifestFile, inline);
  return found;
}

/** Of a file of hooks, beside them. */
const FILE_FIELDS = new Set(['hooks', 'description', '$schema']);

function take(found: ReadHooks, path: string, value: unknown): void {
  const events = isRecord(value) ? (value['hooks'] ?? value) : null;
  if (!isRecord(events)) {
    found.problems.push({ path, detail: 'it is not a JSON object with the field "hooks"' });
    return;
  }
  if (isRecord(value) && value['hooks'] !== undefined)
    for (const field of Object.keys(value).filter((each) => !FILE_FIELDS.has(each)))
      found.unadapted.push(`The field ${JSON.stringify(field).slice(0, 100)} beside its hooks is not followed.`);
  for (const [name, groups] of Object.entries(events)) {
    if (FILE_FIELDS.has(name)) continue;
    if (!isHookEvent(name)) found.unadapted.push(whyNot(name));
    else if (!Array.isArray(groups)) found.problems.push({ path, detail: `its field "hooks.${name}" must be a list` });
    else for (const group of groups) takeGroup(found, path, name, group);
  }
}

function whyNot(name: string): string {
  const row = isKnownEvent(name) ? HOOK_EVENTS[name] : null;
  return `Its hooks for ${name} are not run: ${row?.at === null ? row.why : 'no such event is known'}.`;
}

function takeGroup(found: ReadHooks, path: string, event: HookEvent, group: unknown): void {
  const handlers = isRecord(group) ? group['hooks'] : null;
  if (!isRecord(group) || !Array.isArray(handlers)) {
    found.problems.push({ path, detail: `an entry of "hooks.${event}" has no list "hooks"` });
    return;
  }
  const { matcher = '' } = group;
  if (typeof matcher !== 'string') {
    // Without it the hook would be for everything.
    found.problems.push({ path, detail: `the matcher of an entry of "hooks.${event}" is no text` });
    return;
  }
  for (const field of Object.keys(group).filter((each) => each !== 'matcher' && each !== 'hooks'))
    found.unadapted.push(`The field ${JSON.stringify(field).slice(0, 100)} of an entry for ${event} is not followed.`);
  try {
    // Where an event has nothing to compare, Claude Code does not heed a matcher either.
    const { matched, values } = hookEvent(event);
    const matches = matcherOf(matched === null ? '' : matcher);
    if (values && !values.some((value) => matches([value])))
      found.unadapted.push(
        `Its hooks for ${event} with the matcher "${matcher.slice(0, 100)}" never run: here it is ${values.join(', ')}.`,
      );
    for (const handler of handlers) takeHandler(found, path, { event, matcher, matches }, handler);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    found.problems.push({ path, detail: `the matcher "${matcher.slice(0, 100)}" of "hooks.${event}" cannot be used` });
  }
}

type Group = Pick<PluginHook, 'event' | 'matcher' | 'matches'>;

function takeHandler(found: ReadHooks, path: string, group: Group, handler: unknown): void {
  const { event } = group;
  const problem = (detail: string): void => void found.problems.push({ path, detail });
  if (!isRecord(handler)) return problem(`a hook of "hooks.${event}" is no object`);
  const read = readWork(event, handler);
  if ('unadapted' in read) return void found.unadapted.push(`A hook for ${event} ${read.unadapted}.`);
  if ('fault' in read) return problem(`a hook of "hooks.${event}" ${read.fault}`);
  const condition = handler['if'];
  if (condition !== undefined && !CALL_EVENTS.has(event))
    return void found.unadapted.push(`A hook for ${event} with an "if" is not run: no call happens there.`);
  found.unadapted.push(...unfollowed(event, handler, read.fields));
  const rule = ruleIn(condition, event, problem);
  const manner = mannerOf(read.work, handler);
  const closes = handler['onFailure'] === 'block' && read.fields.has('onFailure');
  const canClose = !manner.isAsync && CLOSING_EVENTS.has(event);
  if (closes && !canClose)
    found.unadapted.push(`A hook for ${event} holds nothing up where it is broken, whatever its "onFailure" says.`);
  found.hooks.push({
    ...group,
    work: read.work,
    condition: rule,
    timeoutMs: timeoutS(event, read.work, handler['timeout']) * 1_000,
    ...manner,
    ...(closes && canClose && { failsClosed: true }),
  });
}

/** How it runs: whether anybody waits for it, what people read meanwhile, whom it may wake. */
function mannerOf(
  { type }: HookWork,
  handler: Record<string, unknown>,
): Pick<PluginHook, 'isAsync' | 'wakes' | 'status'> {
  const status = shortText(handler['statusMessage'], MAX_STATUS);
  const shown = status === null ? {} : { status };
  const mayWake = type === 'command' && handler['asyncRewake'] === true;
  if (!mayWake) return { isAsync: type === 'command' && handler['async'] === true, ...shown };
  const message = shortText(handler['rewakeMessage'], MAX_WAKE_MESSAGE);
  return { isAsync: true, wakes: { message, summary: shortText(handler['rewakeSummary'], MAX_STATUS) }, ...shown };
}

function shortText(value: unknown, limit: number): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, limit) : null;
}

/** What the `if` of a hook says; null: nothing that could be understood. */
function ruleIn(condition: unknown, event: HookEvent, problem: (detail: string) => void): string | null {
  if (typeof condition === 'string' && isToolRule(condition)) return condition;
  // A guard that never ran would be worse than one that runs too often.
  if (condition !== undefined) problem(`the "if" of a hook of "hooks.${event}" is no rule; the hook runs without it`);
  return null;
}

function timeoutS(event: HookEvent, { type }: HookWork, asked: unknown): number {
  const { timeoutS: ofEvent = STANDARD_TIMEOUT_S, maxTimeoutS = MAX_TIMEOUT_S } = hookEvent(event);
  return Math.min(isSeconds(asked) ? asked : standardTimeoutS(type, ofEvent), maxTimeoutS);
}

function standardTimeoutS(type: HookWork['type'], ofEvent: number): number {
  if (type === 'agent') return AGENT_TIMEOUT_S;
  return type === 'prompt' ? Math.min(ofEvent, PROMPT_TIMEOUT_S) : ofEvent;
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && value > 0;
}

function unfollowed(event: HookEvent, handler: Record<string, unknown>, followed: ReadonlySet<string>): string[] {
  const text = JSON.stringify(handler);
  return [
    ...Object.keys(handler)
      .filter((field) => !followed.has(field))
      .map((field) => `The field "${field}" of a hook for ${event} is not followed.`),
    ...(handler['once'] === true
      ? [`A hook for ${event} runs every time: "once" counts in skills alone, as with Claude Code.`]
      : []),
    ...(handler['timeout'] === undefined || isSeconds(handler['timeout'])
      ? []
      : [`The "timeout" of a hook for ${event} is no number of seconds, and not followed.`]),
    ...(handler['args'] === undefined || Array.isArray(handler['args'])
      ? []
      : [`The "args" of a hook for ${event} are no list, and not followed.`]),
    ...UNSET.filter((name) => text.includes(name)).map(
      (name) => `A hook for ${event} names ${name}, which stands for nothing.`,
    ),
  ];
}

/** Characters of what people read while a hook runs, or of its summary. */
const MAX_STATUS = 200;
/** Characters that stand before what a hook tells an agent that it wakes. */
const MAX_WAKE_MESSAGE = 2_000;
/** Claude Code's variables that no hook has here. */
const UNSET = ['CLAUDE_PLUGIN_DATA', 'CLAUDE_ENV_FILE', 'user_config.'];
