import type { LoadSkillsResult } from '@earendil-works/pi-coding-agent';
import { ProblemCode, type SocketProblem } from '@pizzapi/protocol';
import { discoverAgents } from '../subagents/agents/discover-agents.js';
import type { AgentPorts } from './agent-ports.js';
import type { FolderRules } from './folder-rules.js';

interface Failed {
  /** In pi's words. */
  modelProblem: string | undefined;
  extensions: readonly { path: string; error: string }[];
  /** As pi found them: those that it has, and what it has to say of files. */
  skills: LoadSkillsResult;
}

/** What an opening got over, and a person should know. */
export async function openingProblems(
  { modelProblem, extensions, skills }: Failed,
  { subagents, plugins, projectPlugins }: Pick<AgentPorts, 'subagents' | 'plugins' | 'projectPlugins'>,
  { mayRead, unread }: Pick<FolderRules, 'mayRead' | 'unread'>,
): Promise<SocketProblem[]> {
  const { problems } = await discoverAgents(subagents?.folders ?? [], mayRead);
  const ofPlugins = [...(plugins?.problems ?? []), ...(projectPlugins?.problems ?? [])];
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
    ...unloaded(skills)
      .filter(({ path }) => !ofPlugins.some((each) => each.path === path))
      .map(({ path, detail }) => {
        return { code: ProblemCode.instructionsUnread, detail: `The skill in ${path} is not used: ${detail}.` };
      }),
    ...ofPlugins.map(({ path, detail }) => {
      return { code: ProblemCode.pluginInvalid, detail: `${path}, of a plugin, is not used: ${detail}.` };
    }),
  ];
}

/** Files that are no skill of the session, and why; what pi merely remarks on is used. */
function unloaded({ skills, diagnostics }: LoadSkillsResult): { path: string; detail: string }[] {
  const loaded = new Set(skills.map(({ filePath }) => filePath));
  return diagnostics.flatMap(({ path, message, collision }) => {
    if (path === undefined || loaded.has(path)) return [];
    const [reason = ''] = message.split('\n');
    return [{ path, detail: collision ? `${collision.winnerPath} has the same name and comes first` : reason }];
  });
}
