import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { HookHands } from '@pizzapi/plugins';
import type { SubagentStep } from '@pizzapi/protocol';
import { NoModelConfiguredError } from '../../errors/agent-error.js';
import type { AgentDefinition } from '../../subagents/agents/agent-definition.js';
import { RunProgress } from '../../subagents/run/run-progress.js';
import { runStep } from '../../subagents/run/run-step.js';
import { TimeLimit } from '../../subagents/run/time-limit.js';
import type { SubagentCallContext, SubagentHost } from '../../subagents/subagent-host.js';
import { usageOf } from '../../subagents/subagent-usage.js';
import { HOOK_USAGE, modelFor } from './ask-model.js';

/** No more than a hook's command could do. */
const TOOLS = ['read', 'grep', 'find', 'ls', 'bash'];
/** Claude Code's bound. */
const MAX_TURNS = 50;
const PROMPT =
  'A hook of a plugin has you look whether something is as it should be. Change nothing. Your last message is one JSON object and nothing else, as the task says.';

/**
 * Has a subagent look for a hook, by the rules and behind the wall of all subagents; its tokens are the session's.
 * @param host one without hooks, so that hooks that start agents do not hear of what these agents do
 * @throws what is wrong with the model, or why it has no answer
 */
export async function runAgent(
  session: AgentSession,
  host: SubagentHost,
  { plugin, prompt, model: wanted, timeoutMs, signal }: Parameters<HookHands['runAgent']>[0],
): Promise<{ answer: string; deeds: string } | null> {
  if (!session.model) throw new NoModelConfiguredError();
  const model = modelFor(wanted, session.model, session.modelRuntime.getAvailableSnapshot());
  const agent = agentOf(plugin);
  const progress = new RunProgress('single', () => undefined);
  const at = progress.addStep(agent.name, prompt, null);
  const call: SubagentCallContext = {
    toolCallId: `hook ${plugin}`,
    agents: { agents: new Map([[agent.name, agent]]), problems: [] },
    progress,
    session: session.extensionRunner.createContext(),
    run: () => Promise.reject(new Error('A hook starts one agent and no others.')),
    ofHook: { maxTurns: MAX_TURNS },
  };
  const late = new AbortController();
  const limit = new TimeLimit(timeoutMs, () => late.abort());
  const place = {
    depth: 1,
    startedBy: null,
    signal: AbortSignal.any([signal, late.signal]),
    pause: <T>(answer: Promise<T>) => limit.pauseFor(answer),
  };
  const order = { agent: agent.name, task: prompt, model: `${model.provider}/${model.id}` };
  const { answer, problem } = await host.slots.run(() => runStep(host, call, order, at, place));
  limit.stop();
  progress.flush();
  const step = progress.step(at);
  if (step.usage.turns > 0)
    session.sessionManager.appendUsage(HOOK_USAGE, model.provider, model.id, usageOf(progress.run));
  if (answer === null && late.signal.aborted) return null;
  if (answer === null) throw new Error(problem ?? 'it gave no answer');
  return { answer, deeds: deedsOf(step) };
}

function agentOf(plugin: string): AgentDefinition {
  return {
    name: `hook of ${plugin}`,
    description: '',
    prompt: PROMPT,
    tools: TOOLS,
    withoutTools: [],
    model: null,
    source: 'user',
    path: '',
    hash: '',
    content: '',
    notes: [],
  };
}

/** What people read of its work. */
function deedsOf({ calls, callCount, usage }: SubagentStep): string {
  const shown = calls.slice(-5).map(({ toolName, object }) => `${toolName} ${object}`.trim());
  const more = callCount - shown.length;
  const did = callCount === 0 ? 'no tool' : `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `Its agent looked, in ${usage.turns} turn${usage.turns === 1 ? '' : 's'}, with ${did}.`.slice(0, 1_000);
}
