import { ProblemCode, type SocketProblem } from '@pizzapi/protocol';
import { discoverAgents } from '../subagents/agents/discover-agents.js';
import type { AgentPorts } from './agent-ports.js';
import type { FolderRules } from './folder-rules.js';

interface Failed {
  /** In pi's words. */
  modelProblem: string | undefined;
  extensions: readonly { path: string; error: string }[];
}

/** What an opening got over, and a person should know. */
export async function openingProblems(
  { modelProblem, extensions }: Failed,
  { subagents, plugins, projectPlugins }: Pick<AgentPorts, 'subagents' | 'plugins' | 'projectPlugins'>,
  { mayRead, unread }: Pick<FolderRules, 'mayRead' | 'unread'>,
): Promise<SocketProblem[]> {
  const { problems } = await discoverAgents(subagents?.folders ?? [], mayRead);
  return [
    ...(modelProblem === undefined ? [] : [{ code: ProblemCode.modelUnknown, detail: modelProblem }]),
    ...extensions.map(({ path, error }) => {
      return { code: ProblemCode.internal, detail: `The extension ${path} was not loaded: ${error}` };
    }),
    ...unread.map(({ path, detail }) => {
      return { code: ProblemCode.instructionsUnread, detail: `The instructions in ${path} are not used: ${detail}.` };
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
