import { defineTool, type ExtensionFactory, type ToolDefinition } from '@earendil-works/pi-coding-agent';
import type { SubagentChange, SubagentRun } from '@pizzapi/protocol';
import { runOrders } from './run/run-orders.js';
import { RunProgress } from './run/run-progress.js';
import type { SubagentCallContext, SubagentHost } from './subagent-host.js';
import { SUBAGENT } from './subagent-name.js';
import { ordersIn, SubagentParameters } from './subagent-parameters.js';
import { describeAgents, DESCRIPTION } from './subagent-text.js';
import { usageOf } from './subagent-usage.js';

/** pi wraps the section in a tag of this name. */
const SECTION = 'subagents';

/** The agent's tool to have tasks done by others, and what has to happen around it. */
export interface SubagentTool {
  tool: ToolDefinition;
  extension: ExtensionFactory;
}

export function subagentTool(host: SubagentHost): SubagentTool {
  /** Calls that failed: what is thrown would leave nothing of their steps and their costs. */
  const failed = new Set<string>();
  const tool = defineTool<typeof SubagentParameters, SubagentRun | SubagentChange>({
    name: SUBAGENT,
    label: 'Subagents',
    description: DESCRIPTION,
    promptSnippet: 'Have subagents do tasks in context windows of their own',
    parameters: SubagentParameters,
    execute: async (toolCallId, parameters, signal, onUpdate, session) => {
      const { mode } = ordersIn(parameters);
      const progress = new RunProgress(mode, (change) => onUpdate?.({ content: [], details: change }));
      const agents = await host.agents();
      const call: SubagentCallContext = {
        toolCallId,
        agents,
        progress,
        session,
        run: (orders, place) => runOrders(host, call, orders, place),
      };
      const never = new AbortController().signal;
      const { text, isFailed } = await call.run(parameters, {
        depth: 1,
        startedBy: null,
        signal: signal ?? never,
        pause: (answer) => answer,
      });
      progress.flush();
      if (isFailed) failed.add(toolCallId);
      const details: SubagentRun = progress.run;
      return { content: [{ type: 'text', text }], details, usage: usageOf(details) };
    },
  });
  const extension: ExtensionFactory = (pi) => {
    pi.on('before_agent_start', async ({ systemPromptOptions }) => {
      systemPromptOptions.sections[SECTION] = describeAgents(await host.agents());
    });
    pi.on('tool_result', ({ toolCallId }) => (failed.delete(toolCallId) ? { isError: true } : undefined));
  };
  return { tool, extension };
}
