import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { HookHands, StartHook } from '@pizzapi/plugins';
import type { ApprovalGate } from '../../approvals/approval-gate.js';
import type { McpHost } from '../../mcp/mcp-host.js';
import { askModel } from './ask-model.js';

/** What hooks work with, and there is only once pi has opened the session. */
export interface HookGround {
  session: AgentSession;
  mcp: McpHost | null;
}

/** @param ground null while the session is being opened; no hook runs before */
export function hookHands(
  start: StartHook,
  { gate, cwd, ground }: { gate: () => ApprovalGate; cwd: string; ground: () => HookGround | null },
): HookHands {
  const found = (): HookGround => {
    const there = ground();
    if (there) return there;
    throw new Error('the session is being opened');
  };
  return {
    start,
    askModel: async (question) => askModel(found().session, question),
    callTool: async ({ server, tool, input, signal }) => {
      const { mcp } = found();
      const known = mcp?.toolNamed(server, tool);
      if (!mcp || !known) throw new Error(`the session has no MCP server ${server} with a tool ${tool}`);
      // Nobody can be asked for a hook, and it must not do what the agent may not.
      if (!(await gate().lets({ toolName: known.name, args: input, cwd })))
        throw new Error(`the rules ask about ${known.name} or deny it`);
      return mcp.callFor(known, input, signal);
    },
  };
}
