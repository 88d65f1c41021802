import { resolve } from 'node:path';
import { type ModelRef, ProblemCode, SubagentLimits, type SubagentStep } from '@pizzapi/protocol';
import { SecretFolderError } from '@pizzapi/sandbox';
import { v7 } from 'uuid';
import { DemoModel } from '../../models/demo-model.js';
import { AgentError, NoModelConfiguredError } from '../../errors/agent-error.js';
import { realFolder } from '../../files/real-folder.js';
import { abilitiesOf } from '../agents/agent-abilities.js';
import type { AgentDefinition } from '../agents/agent-definition.js';
import { chooseModel } from '../agents/choose-model.js';
import { readToolNames, type ToolNames } from '../agents/tool-names.js';
import { AgentUnknownError, SubagentAbortedError, SubagentRefusedError } from '../subagent-error.js';
import type { Place, SubagentCallContext, SubagentHost } from '../subagent-host.js';
import type { SubagentOrder } from '../subagent-parameters.js';
import { cut, knownAgents, type StepResult } from '../subagent-text.js';
import { runProcess, type PreparedStep } from './run-process.js';

/**
 * Does one order, from the agent's name to its answer, and tells how it gets on. What goes wrong is the step's own result.
 * @param at the step's place in the call's progress
 */
export async function runStep(
  host: SubagentHost,
  call: SubagentCallContext,
  order: SubagentOrder,
  at: number,
  place: Place,
): Promise<StepResult> {
  const { progress } = call;
  try {
    if (place.signal.aborted) throw new SubagentAbortedError();
    const prepared = await prepare(host, call, order, at, place);
    progress.change(at, { state: 'running', startedAt: new Date().toISOString() });
    const go = (told: string[] = []): Promise<string> =>
      runProcess(host, call, { ...prepared, task: [prepared.task, ...told].join('\n\n') }, place);
    const run = { agent: order.agent, agentId: prepared.agentId };
    const answer = await (host.hooks?.around(run, place.signal, go) ?? go());
    finish(call, at, 'done', { answer: cut(answer, SubagentLimits.shownAnswer) });
    return { agent: order.agent, answer, problem: null };
  } catch (error) {
    const isAborted = place.signal.aborted;
    const { code, message } = isAborted ? new SubagentAbortedError() : asAgentError(error);
    finish(call, at, isAborted ? 'aborted' : 'failed', { problem: { code, detail: message } });
    return { agent: order.agent, answer: null, problem: message };
  }
}

function finish(
  { progress }: SubagentCallContext,
  at: number,
  state: SubagentStep['state'],
  change: Partial<Pick<SubagentStep, 'answer' | 'problem'>>,
): void {
  const endedAt = progress.step(at).startedAt === null ? null : new Date().toISOString();
  progress.change(at, { ...change, state, endedAt });
}

function asAgentError(error: unknown): { code: ProblemCode; message: string } {
  if (error instanceof AgentError || error instanceof SecretFolderError) return error;
  return { code: ProblemCode.internal, message: error instanceof Error ? error.message : String(error) };
}

/** Finds the agent, its tools, model and folder, and asks a person where its file is the project's. */
async function prepare(
  host: SubagentHost,
  call: SubagentCallContext,
  order: SubagentOrder,
  at: number,
  { depth, signal, pause }: Place,
): Promise<PreparedStep> {
  const { agents, progress, session, toolCallId } = call;
  const agent = agents.agents.get(order.agent);
  if (!agent) throw new AgentUnknownError(order.agent, knownAgents(agents));
  const cwd = await realFolder(resolve(session.cwd, order.cwd ?? '.'));
  host.folders.refuseSecret(cwd);
  const instructions = host.folders.instructionsIn(cwd);
  const { model, note } = chooseModel(
    order.model ?? agent.model,
    sessionModel(call),
    session.modelRegistry.getAvailable(),
  );
  const { tools, notes } = toolsOf(agent, host, depth);
  const modelName = `${model.provider}/${model.id}`;
  const unread = instructions.problems.map(
    ({ path, detail }) => `The instructions in ${path} are not used: ${detail}.`,
  );
  const allNotes = [...agent.notes, ...notes, ...(note === null ? [] : [note]), ...unread];
  progress.change(at, { model: modelName, notes: allNotes });
  const whileAsking = async <T>(answer: Promise<T>): Promise<T> => {
    progress.change(at, { state: 'asking' });
    return pause(answer);
  };
  const abilities = abilitiesOf(tools, modelName);
  await host.consent.require(agent, abilities, session.sessionManager, { toolCallId, signal, whileAsking });
  return { at, agent, agentId: v7(), task: order.task, model, tools, cwd, instructions: instructions.files };
}

function toolsOf(agent: AgentDefinition, host: SubagentHost, depth: number): ToolNames {
  const known = host.toolsAt(depth);
  const without = new Set(readToolNames(agent.withoutTools, known).tools);
  const { tools, notes } =
    agent.tools === null ? { tools: host.standardToolsAt(depth), notes: [] } : named(agent, agent.tools, known);
  return { tools: tools.filter((name) => !without.has(name)), notes };
}

function named(agent: AgentDefinition, names: readonly string[], known: ReadonlySet<string>): ToolNames {
  const read = readToolNames(names, known);
  if (read.tools.length === 0 && names.length > 0)
    throw new SubagentRefusedError(
      `None of the tools of the agent "${agent.name}" exists here: ${read.notes.join(' ')}`,
    );
  return read;
}

function sessionModel({ session }: SubagentCallContext): ModelRef {
  const { model } = session;
  if (!model) throw new NoModelConfiguredError();
  if (model.provider === DemoModel.provider)
    throw new SubagentRefusedError('The Demo model cannot work as a subagent. Set up a language model on this runner.');
  return { provider: model.provider, id: model.id };
}
