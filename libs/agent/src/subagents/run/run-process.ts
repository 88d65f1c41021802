import { randomUUID } from 'node:crypto';
import type { ModelRef } from '@pizzapi/protocol';
import { ASK_USER } from '../../approvals/ask-user.js';
import type { AgentDefinition } from '../agents/agent-definition.js';
import type { ChildMessage } from '../child/child-messages.js';
import { type InstructionFile, instructionText } from '../../session/instruction-files.js';
import { endMarkedProcesses } from '../child/marked-processes.js';
import { SubagentProcess } from '../child/subagent-process.js';
import { SubagentAbortedError, SubagentTimedOutError } from '../subagent-error.js';
import type { Pause, Place, SubagentCallContext, SubagentHost } from '../subagent-host.js';
import { instructionsFor } from '../subagent-text.js';
import { answerChild } from './answer-child.js';
import { askingRun } from './asking-run.js';
import { remoteTools, type RemoteTools } from './remote-tools.js';
import { StepWatch } from './step-watch.js';
import { TimeLimit } from './time-limit.js';
import { turnBound } from './turn-bound.js';

/** An order with everything that was found out about it. */
export interface PreparedStep {
  /** Its place in the call's progress. */
  at: number;
  agent: AgentDefinition;
  /** Of this run. */
  agentId: string;
  task: string;
  model: ModelRef;
  tools: string[];
  cwd: string;
  /** What the folder's own files say. */
  instructions: readonly InstructionFile[];
}

/**
 * Runs the agent in a process of its own, to its answer. However it ends, nothing of it is left.
 * @throws SubagentDiedError, SubagentTimedOutError, SubagentAbortedError, SubagentFailedError
 */
export async function runProcess(
  host: SubagentHost,
  call: SubagentCallContext,
  step: PreparedStep,
  place: Place,
): Promise<string> {
  // It may have been stopped while it was prepared; a signal tells only those who listen before.
  place.signal.throwIfAborted();
  const { at } = step;
  const { progress } = call;
  const watch = new StepWatch((change) => progress.change(at, change));
  const ending = new AbortController();
  const limit = new TimeLimit(host.timeoutMs, () => ending.abort(new SubagentTimedOutError(host.timeoutMs)));
  const onAbort = (): void => ending.abort(new SubagentAbortedError());
  place.signal.addEventListener('abort', onAbort, { once: true });
  // Whoever started it waits as well.
  const pause: Pause = (answer) => place.pause(limit.pauseFor(answer));
  let questions = 0;
  const whileAsking = async <T>(answer: Promise<T>): Promise<T> => {
    questions += 1;
    progress.change(at, { state: 'asking' });
    try {
      return await pause(answer);
    } finally {
      questions -= 1;
      // Closed with its end, a question says nothing about the step any more.
      if (questions === 0 && !ending.signal.aborted) progress.change(at, { state: 'running' });
    }
  };
  const caller = { ...callerOf(call, step), signal: ending.signal, whileAsking };
  const bound = turnBound(call, (error) => ending.abort(error));
  const mark = randomUUID();
  const remote = remoteTools(host, call, { ...step, mark, caller, pause }, place);
  const running = new Map<string, AbortController>();
  const answers = new Set<Promise<void>>();
  const child = new SubagentProcess({
    ...processOptions(host, call, step, remote),
    mark,
    onEvent: (event) => {
      watch.note(event);
      bound(event);
    },
    onMessage: (message: ChildMessage) =>
      answers.add(answerChild({ host, child, caller, cwd: step.cwd, tools: remote.runs, running }, message)),
  });
  ending.signal.addEventListener('abort', () => void child.end(), { once: true });
  try {
    await child.ended();
    ending.signal.throwIfAborted();
    return watch.answer();
  } catch (error) {
    ending.signal.throwIfAborted();
    throw error;
  } finally {
    limit.stop();
    place.signal.removeEventListener('abort', onAbort);
    watch.close();
    // Whatever is still asked on its behalf.
    ending.abort(new SubagentAbortedError());
    await Promise.all(answers);
    // What its commands left running in the session's sandbox, which outlives it.
    endMarkedProcesses(mark);
  }
}

function processOptions(
  host: SubagentHost,
  { session }: SubagentCallContext,
  { agent, task, model, tools, cwd, instructions }: PreparedStep,
  { descriptions }: RemoteTools,
) {
  return {
    cwd,
    task: `Task: ${task}`,
    model,
    // Another model may not know the level.
    thinkingLevel: session.model?.id === model.id ? session.thinkingLevel : undefined,
    tools,
    extensions: host.extensions,
    isProjectTrusted: host.folders.isTrusted(cwd),
    compileCacheDir: host.ports.compileCacheDir,
    begin: {
      instructions: instructionsFor(agent, instructionText(instructions), tools.includes(ASK_USER)),
      tools: descriptions,
    },
  };
}

/** Whose questions they are. */
function callerOf({ toolCallId, ofHook, progress }: SubagentCallContext, { agent, agentId, at }: PreparedStep) {
  return {
    toolCallId,
    agent: agent.name,
    agentId,
    run: askingRun(progress.run.steps, at),
    isOfHook: ofHook !== undefined,
  };
}
