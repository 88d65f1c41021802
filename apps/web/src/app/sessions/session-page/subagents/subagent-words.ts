import type { SubagentRun, SubagentState, SubagentStep, SubagentUsage } from '@pizzapi/protocol';
import { durationText } from '../../../ui/time-text';
import { clock, compactNumber, dollars } from '../conversation/number-words';
import { revealedOf } from '../conversation/revealed';
import type { ToolCall } from '../conversation/row';
import { ordersIn, readSubagentRun } from '../conversation/subagent-run';

/** A step and its place among all steps of its call. */
export interface PlacedStep {
  readonly at: number;
  readonly step: SubagentStep;
}

/** What is known of a call's steps: its result, its progress, or just what it asks for. */
export function runOf({ args, running, result }: ToolCall): SubagentRun {
  const asked = ordersIn(args ?? running?.args);
  if (result !== null) return readSubagentRun(result.details) ?? cutOff(running?.subagents ?? asked, result.text);
  return running?.subagents ?? asked;
}

export function stepsOf(call: ToolCall): readonly SubagentStep[] {
  return runOf(call).steps;
}

/** The steps that one step, or with null the session's own agent, started. */
export function startedBy({ steps }: SubagentRun, parent: number | null): PlacedStep[] {
  return steps.map((step, at) => ({ at, step })).filter(({ step }) => step.startedBy === parent);
}

/** Its worker died: the state of unfinished steps is unknown. */
function cutOff(run: SubagentRun, text: string): SubagentRun {
  const steps = run.steps.map((step): SubagentStep => {
    if (isOver(step.state)) return step;
    return { ...step, state: 'aborted', problem: { code: 'interrupted', detail: text } };
  });
  return { ...run, steps };
}

export function isOver(state: SubagentState): boolean {
  return state !== 'waiting' && state !== 'running' && state !== 'asking';
}

const STATES: Record<SubagentState, string> = {
  waiting: 'waiting',
  running: 'working',
  asking: 'waiting for you',
  done: 'done',
  failed: 'failed',
  aborted: 'stopped',
  skipped: 'not run',
};

export function stateWords(state: SubagentState): string {
  return STATES[state];
}

/** “2 of 3 done, 1 failed”. */
export function progressWords({ mode, steps }: SubagentRun): string {
  const own = steps.filter(({ startedBy: parent }) => parent === null);
  const count = (...states: SubagentState[]): number => own.filter(({ state }) => states.includes(state)).length;
  const noun = mode === 'chain' ? (own.length === 1 ? 'step' : 'steps') : own.length === 1 ? 'task' : 'tasks';
  const parts = [`${count('done')} of ${own.length} ${noun} done`];
  for (const [states, word] of [
    [['failed'], 'failed'],
    [['aborted'], 'stopped'],
    [['skipped'], 'not run'],
    [['asking'], 'waiting for you'],
  ] as const) {
    const found = count(...states);
    if (found > 0) parts.push(`${found} ${word}`);
  }
  return parts.join(', ');
}

/** The one line that says how a step stands: what it does now, or what came of it. */
export function liveLine({ state, words, calls, answer, problem }: SubagentStep): string {
  if (problem !== null) return oneLine(problem.detail);
  if (state === 'done') return plainLine(answer ?? '');
  if (state === 'asking') return 'waits for your answer';
  if (state !== 'running') return '';
  if (words !== '') return plainLine(words);
  const call = calls.findLast((it) => it.state === 'running');
  return call === undefined ? '' : `${call.toolName} ${revealedOf(call.toolName, oneLine(call.object))}`;
}

/** How long it took, or takes. */
export function timeWords({ startedAt, endedAt }: SubagentStep, now: number): string {
  if (startedAt === null) return '';
  const started = Date.parse(startedAt);
  return endedAt === null ? clock(now - started) : durationText(Date.parse(endedAt) - started);
}

/** “3 turns · 12k in, 800 out · $0.02”; empty before the first answer. */
export function usageWords({ turns, input, output, cacheRead, cacheWrite, costUsd }: SubagentUsage): string {
  if (turns === 0) return '';
  const read = input + cacheRead + cacheWrite;
  const tokens = `${compactNumber(read)} in, ${compactNumber(output)} out`;
  return [`${turns} ${turns === 1 ? 'turn' : 'turns'}`, tokens, ...(costUsd > 0 ? [dollars(costUsd)] : [])].join(' · ');
}

/** What all steps cost together; empty for nothing. */
export function costWords(steps: readonly SubagentStep[]): string {
  const cost = steps.reduce((sum, { usage }) => sum + usage.costUsd, 0);
  return cost > 0 ? dollars(cost) : '';
}

/** Markdown as one line of plain text: its marks are noise where nothing is formatted. */
function plainLine(markdown: string): string {
  const plain = markdown
    .slice(0, 800)
    .replace(/^\s*(?:```.*|(?:[-*_]\s*){3,})$/gm, '')
    .replace(/^\s*(?:#{1,6}\s+|>\s?)/gm, '')
    .replace(/^\s*(?:[-*+]|\d+[.)])\s+/gm, '· ')
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/(\*\*|__|~~)(?=\S)([^\n]*?\S)\1/g, '$2')
    .replace(/`+([^`\n]+)`+/g, '$1');
  return oneLine(plain).replace(/^· /, '');
}

export function oneLine(text: string): string {
  return text.slice(0, 400).replace(/\s+/g, ' ').trim();
}
