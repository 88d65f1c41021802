import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { HookHands, StartHook } from '@pizzapi/plugins';
import type { HookedCall } from '../../approvals/approval-gate.js';
import type { McpHost } from '../../mcp/mcp-host.js';
import type { SubagentHost } from '../../subagents/subagent-host.js';
import { askModel } from './ask-model.js';
import { runAgent } from './run-agent.js';

/** What hooks work with. `session`, `mcp` and `subagents` are null while the session is being opened; no hook runs before. */
export interface HookGround {
  /** Whether the rules and the hooks of plugins let a call pass without asking anybody. */
  lets: (call: HookedCall) => Promise<boolean>;
  cwd: string;
  session: () => AgentSession | null;
  mcp: () => Pick<McpHost, 'toolNamed' | 'callFor'> | null;
  /** What subagents of hooks are started by; null also where the session has none. */
  subagents: () => SubagentHost | null;
}

export function hookHands(start: StartHook, { lets, cwd, session, mcp, subagents }: HookGround): HookHands {
  return {
    start,
    askModel: async (question) => {
      const opened = session();
      if (!opened) throw new Error('the session is being opened');
      return askModel(opened, question);
    },
    runAgent: async (question) => {
      const opened = session();
      const host = subagents();
      if (!opened || !host) throw new Error('the session has no subagents');
      return runAgent(opened, host, question);
    },
    callTool: async ({ server, tool, input, signal }) => {
      const servers = mcp();
      const known = servers?.toolNamed(server, tool);
      if (!servers || !known) throw new Error(`the session has no MCP server ${server} with a tool ${tool}`);
      // Nobody can be asked for a hook, and it must not do what the agent may not.
      if (!(await lets({ toolName: known.name, args: input, cwd })))
        throw new Error(`the rules or another hook ask about ${known.name} or deny it`);
      return servers.callFor(known, input, signal);
    },
  };
}
