import { ProblemCode, type SocketProblem } from '@pizzapi/protocol';
import { discoverAgents } from '../subagents/agents/discover-agents.js';
import type { AgentPorts } from './agent-ports.js';

/** What an opening got over, and a person should know. @param modelProblem in pi's words */
export async function openingProblems(
  modelProblem: string | undefined,
  failedExtensions: readonly { path: string; error: string }[],
  { subagents, plugins, projectPlugins }: Pick<AgentPorts, 'subagents' | 'plugins' | 'projectPlugins'>,
): Promise<SocketProblem[]> {
  const { problems } = await discoverAgents(subagents?.folders ?? []);
  return [
    ...(modelProblem === undefined ? [] : [{ code: ProblemCode.modelUnknown, detail: modelProblem }]),
    ...failedExtensions.map(({ path, error }) => {
      return { code: ProblemCode.internal, detail: `The extension ${path} was not loaded: ${error}` };
    }),
    // Whoever wrote them would wait for them in vain.
    ...problems.map(({ path, detail }) => {
      return { code: ProblemCode.agentFileInvalid, detail: `The agent's file ${path} is not used: ${detail}.` };
    }),
    ...[...(plugins?.problems ?? []), ...(projectPlugins?.problems ?? [])].map(({ path, detail }) => {
      return { code: ProblemCode.pluginInvalid, detail: `${path}, of a plugin, is not used: ${detail}.` };
    }),
  ];
}
