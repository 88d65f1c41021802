import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { HookHands, StartHook } from '@pizzapi/plugins';
import type { HookedCall } from '../../approvals/approval-gate.js';
import type { McpHost } from '../../mcp/mcp-host.js';
import { askModel } from './ask-model.js';

/** What hooks work with. `session` and `mcp` are null while the session is being opened; no hook runs before. */
export interface HookGround {
  /** Whether the rules and the hooks of plugins let a call pass without asking anybody. */
  lets: (call: HookedCall) => Promise<boolean>;
  cwd: string;
  session: () => AgentSession | null;
  mcp: () => Pick<McpHost, 'toolNamed' | 'callFor'> | null;
}

export function hookHands(start: StartHook, { lets, cwd, session, mcp }: HookGround): HookHands {
  return {
    start,
    askModel: async (question) => {
      const opened = session();
      if (!opened) throw new Error('the session is being opened');
      return askModel(opened, question);
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
