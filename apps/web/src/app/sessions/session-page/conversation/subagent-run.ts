import type { SubagentCall, SubagentChange, SubagentMode, SubagentRun, SubagentStep } from '@pizzapi/protocol';
import { has, isCount, isListOf, isRecord } from '../../../core/shape';
import { textField } from './message-content';

/** As many as the worker keeps. */
const MAX_CALLS = 60;

const NO_USAGE = { turns: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 };

/** The steps as they are after a change of one of them. */
export function applySubagentChange(run: SubagentRun | null, { mode, step, change }: SubagentChange): SubagentRun {
  const steps = run?.steps.slice() ?? [];
  for (let at = steps.length; at <= step; at += 1) steps.push(emptyStep('', ''));
  const before = steps[step] ?? emptyStep('', '');
  const calls = change.calls === undefined ? before.calls : mergeCalls(before.calls, change.calls);
  steps[step] = { ...before, ...change, calls };
  return { mode, steps };
}

/** The steps that a finished call left in its result; null where it left none, as when its worker died. */
export function readSubagentRun(details: unknown): SubagentRun | null {
  if (!isRecord(details) || !isMode(details['mode']) || !isListOf(details['steps'], isStep)) return null;
  return { mode: details['mode'], steps: details['steps'] };
}

/** What a call asks for, until its steps are known. */
export function ordersIn(args: unknown): SubagentRun {
  for (const [field, mode] of [
    ['tasks', 'parallel'],
    ['chain', 'chain'],
  ] as const) {
    const list = isRecord(args) ? args[field] : undefined;
    if (Array.isArray(list)) return { mode, steps: list.map(stepOf) };
  }
  return { mode: 'single', steps: textField(args, 'agent') === '' ? [] : [stepOf(args)] };
}

function stepOf(order: unknown): SubagentStep {
  return emptyStep(textField(order, 'agent'), textField(order, 'task'));
}

function emptyStep(agent: string, task: string): SubagentStep {
  return {
    agent,
    task,
    startedBy: null,
    state: 'waiting',
    model: null,
    startedAt: null,
    endedAt: null,
    calls: [],
    callCount: 0,
    words: '',
    usage: NO_USAGE,
    problem: null,
    answer: null,
    notes: [],
  };
}

function mergeCalls(calls: readonly SubagentCall[], changed: readonly SubagentCall[]): SubagentCall[] {
  const byId = new Map(calls.map((call) => [call.callId, call]));
  for (const call of changed) byId.set(call.callId, call);
  return [...byId.values()].slice(-MAX_CALLS);
}

function isMode(value: unknown): value is SubagentMode {
  return value === 'single' || value === 'parallel' || value === 'chain';
}

function isStep(value: unknown): value is SubagentStep {
  return (
    has(value, 'agent', 'task', 'state', 'words') &&
    isListOf(value['calls'], (call) => has(call, 'callId', 'toolName', 'object', 'state')) &&
    isListOf(value['notes'], (note): note is string => typeof note === 'string') &&
    isCount(value['callCount']) &&
    isRecord(value['usage'])
  );
}
