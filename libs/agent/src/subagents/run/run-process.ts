import { randomUUID } from 'node:crypto';
import type { ModelRef, SubagentStep } from '@pizzapi/protocol';
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
  return new ProcessRun(host, call, step, place).answer();
}

class ProcessRun {
  readonly #host: SubagentHost;
  readonly #call: SubagentCallContext;
  readonly #step: PreparedStep;
  readonly #place: Place;
  readonly #watch: StepWatch;
  /** Aborted with the reason for which it is ended. */
  readonly #ending = new AbortController();
  readonly #limit: TimeLimit;
  readonly #mark = randomUUID();
  /** To what the process asks. */
  readonly #answers = new Set<Promise<void>>();
  #openQuestions = 0;

  constructor(host: SubagentHost, call: SubagentCallContext, step: PreparedStep, place: Place) {
    this.#host = host;
    this.#call = call;
    this.#step = step;
    this.#place = place;
    this.#watch = new StepWatch((change) => call.progress.change(step.at, change));
    this.#limit = new TimeLimit(host.timeoutMs, () => this.#ending.abort(new SubagentTimedOutError(host.timeoutMs)));
  }

  async answer(): Promise<string> {
    const { signal } = this.#ending;
    const onAbort = (): void => this.#ending.abort(new SubagentAbortedError());
    this.#place.signal.addEventListener('abort', onAbort, { once: true });
    try {
      const child = this.#start();
      signal.addEventListener('abort', () => void child.end(), { once: true });
      await child.ended();
      signal.throwIfAborted();
      return this.#watch.answer();
    } catch (error) {
      // Why it was ended says more than how.
      signal.throwIfAborted();
      throw error;
    } finally {
      this.#place.signal.removeEventListener('abort', onAbort);
      await this.#close();
    }
  }

  #start(): SubagentProcess {
    const [host, call, step, mark] = [this.#host, this.#call, this.#step, this.#mark];
    const caller = { ...callerOf(call, step), signal: this.#ending.signal, whileAsking: this.#whileAsking };
    const remote = remoteTools(host, call, { ...step, mark, caller, pause: this.#pause }, this.#place);
    const countTurn = turnBound(call, (error) => this.#ending.abort(error));
    const running = new Map<string, AbortController>();
    const child: SubagentProcess = new SubagentProcess({
      ...processOptions(host, call, step, remote),
      mark,
      onEvent: (event) => {
        this.#watch.note(event);
        countTurn(event);
      },
      onMessage: (message: ChildMessage) =>
        this.#answers.add(answerChild({ host, child, caller, cwd: step.cwd, tools: remote.runs, running }, message)),
    });
    return child;
  }

  /** Its own time stands still, and that of whoever started it. */
  readonly #pause: Pause = (answer) => this.#place.pause(this.#limit.pauseFor(answer));

  readonly #whileAsking = async <T>(answer: Promise<T>): Promise<T> => {
    this.#openQuestions += 1;
    this.#tell('asking');
    try {
      return await this.#pause(answer);
    } finally {
      this.#openQuestions -= 1;
      // Closed with its end, a question says nothing about the step any more.
      if (this.#openQuestions === 0 && !this.#ending.signal.aborted) this.#tell('running');
    }
  };

  #tell(state: SubagentStep['state']): void {
    this.#call.progress.change(this.#step.at, { state });
  }

  async #close(): Promise<void> {
    this.#limit.stop();
    this.#watch.close();
    // Whatever is still asked on its behalf.
    this.#ending.abort(new SubagentAbortedError());
    await Promise.all(this.#answers);
    // What its commands left running in the session's sandbox, which outlives it.
    endMarkedProcesses(this.#mark);
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
