import { Type, type Static } from 'typebox';
import { IsoTime } from './ids.js';

/** Limits for subagents, and for how much of them is shown, in characters and entries. */
export const SubagentLimits = {
  /** How many work at once, and how many tasks one call of the tool may have. */
  concurrent: 4,
  tasks: 8,
  shownTask: 4_000,
  shownCalls: 60,
  shownObject: 200,
  shownWords: 240,
  shownAnswer: 16_000,
} as const;

/** A `single` task, several in `parallel`, or a `chain` in which each task may use the answer of the one before. */
export const SubagentMode = Type.Union([Type.Literal('single'), Type.Literal('parallel'), Type.Literal('chain')]);
export type SubagentMode = Static<typeof SubagentMode>;

/** `asking`: a person is asked about it. `skipped`: a step before it in the chain failed, or the turn ended first. */
export const SubagentState = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('running'),
  Type.Literal('asking'),
  Type.Literal('done'),
  Type.Literal('failed'),
  Type.Literal('aborted'),
  Type.Literal('skipped'),
]);
export type SubagentState = Static<typeof SubagentState>;

/** One tool call of a subagent, as a line of text. */
export const SubagentCall = Type.Object({
  callId: Type.String(),
  toolName: Type.String(),
  /** What it is about: a command, a path, a pattern. */
  object: Type.String({ maxLength: SubagentLimits.shownObject }),
  state: Type.Union([Type.Literal('running'), Type.Literal('done'), Type.Literal('failed')]),
});
export type SubagentCall = Static<typeof SubagentCall>;

/** A subagent's usage so far, in tokens and US dollars. It does not fill the session's own context window. */
export const SubagentUsage = Type.Object({
  turns: Type.Integer({ minimum: 0 }),
  input: Type.Integer({ minimum: 0 }),
  output: Type.Integer({ minimum: 0 }),
  cacheRead: Type.Integer({ minimum: 0 }),
  cacheWrite: Type.Integer({ minimum: 0 }),
  costUsd: Type.Number({ minimum: 0 }),
});
export type SubagentUsage = Static<typeof SubagentUsage>;

/** Why a step failed: a stable code and a sentence. */
export const SubagentProblem = Type.Object({ code: Type.String(), detail: Type.String() });
export type SubagentProblem = Static<typeof SubagentProblem>;

/** One agent working on one task. */
export const SubagentStep = Type.Object({
  agent: Type.String(),
  task: Type.String(),
  /** The step whose agent started this one; null: the session's own agent did. */
  startedBy: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  state: SubagentState,
  /** `provider/id`; null until it is chosen. */
  model: Type.Union([Type.String(), Type.Null()]),
  startedAt: Type.Union([IsoTime, Type.Null()]),
  endedAt: Type.Union([IsoTime, Type.Null()]),
  /** The latest calls, the oldest of these first. */
  calls: Type.Array(SubagentCall),
  /** The number of all calls, including those that are no longer shown. */
  callCount: Type.Integer({ minimum: 0 }),
  /** The end of what it is saying right now. */
  words: Type.String(),
  usage: SubagentUsage,
  problem: Type.Union([SubagentProblem, Type.Null()]),
  /** Its final answer, cut for display; the model reads the tool's result. */
  answer: Type.Union([Type.String(), Type.Null()]),
  /** The parts of the agent's file that could not be applied. */
  notes: Type.Array(Type.String()),
});
export type SubagentStep = Static<typeof SubagentStep>;

/** All steps of one call of the tool, as found in the `details` of its result. */
export const SubagentRun = Type.Object({ mode: SubagentMode, steps: Type.Array(SubagentStep) });
export type SubagentRun = Static<typeof SubagentRun>;

/** What has changed in one step. `calls` holds only those that are new or changed, identified by their `callId`. */
export const SubagentChange = Type.Object({
  mode: SubagentMode,
  step: Type.Integer({ minimum: 0 }),
  change: Type.Partial(SubagentStep),
});
export type SubagentChange = Static<typeof SubagentChange>;

/** Merges two successive changes of a step into one. */
export function mergeStepChanges(
  first: SubagentChange['change'],
  next: SubagentChange['change'],
): SubagentChange['change'] {
  const calls = first.calls && next.calls ? mergeCalls(first.calls, next.calls) : (next.calls ?? first.calls);
  return { ...first, ...next, ...(calls && { calls }) };
}

/** Applies new and changed calls to a list. Only the latest `shownCalls` are kept. */
export function mergeCalls(calls: readonly SubagentCall[], changed: readonly SubagentCall[]): SubagentCall[] {
  const byId = new Map(calls.map((call) => [call.callId, call]));
  for (const call of changed) byId.set(call.callId, call);
  return [...byId.values()].slice(-SubagentLimits.shownCalls);
}
