import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { McpServer } from '@pizzapi/mcp';
import { EFFORT_EVENTS, type HookEvent, type Plugin } from '@pizzapi/plugins';
import type { McpHost } from '../../mcp/mcp-host.js';

/** An MCP server, and where it comes from. */
export interface ServerOrigin {
  name: string;
  source: 'plugin' | McpServer['source'];
}

/** Where facts are taken from. */
interface Ground {
  session: AgentSession;
  mcp: Pick<McpHost, 'serverOf'> | null;
  /** Those that the session uses now. */
  plugins: readonly Plugin[];
}

/** What hooks are told of a session besides what happens in it. */
export interface SessionFacts {
  /** How hard its model thinks; null: it does not. */
  readonly effort: string | null;
  readonly model: string | null;
  readonly title: string | null;
  /** Tokens of its conversation; null: nobody knows. */
  readonly contextTokens: number | null;
  /** When its agent last said something, in ms; null: never. */
  readonly lastAnswerAt: number | null;
  /** The MCP server whose tool has this name, as Claude Code names it; null: there is none. */
  serverOf(toolName: string): ServerOrigin | null;
}

export const NO_FACTS: SessionFacts = {
  effort: null,
  model: null,
  title: null,
  contextTokens: null,
  lastAnswerAt: null,
  serverOf: () => null,
};

/** Read anew each time: people change model and name while it runs. */
export function factsOf({ session, mcp, plugins }: Ground): SessionFacts {
  const { model, thinkingLevel, sessionName, sessionManager } = session;
  const last = sessionManager.getBranch().findLast(isAnswer);
  return {
    effort: model?.reasoning === true && thinkingLevel !== 'off' ? thinkingLevel : null,
    model: model?.id ?? null,
    title: sessionName ?? null,
    contextTokens: session.getContextUsage()?.tokens ?? null,
    lastAnswerAt: last === undefined ? null : Date.parse(last.timestamp),
    serverOf: (toolName) => originOf(mcp?.serverOf(toolName), plugins),
  };
}

function originOf(server: McpServer | undefined, plugins: readonly Plugin[]): ServerOrigin | null {
  if (!server) return null;
  const { name, source, path } = server;
  const plugin = plugins.find(({ serverFiles }) => serverFiles.includes(path));
  return plugin ? { name: `plugin:${plugin.name}:${name}`, source: 'plugin' } : { name, source };
}

function isAnswer(entry: { type: string; message?: { role: string } }): boolean {
  return entry.type === 'message' && entry.message?.role === 'assistant';
}

/** Whether an event is in the middle of the work of the session's own agent: of a subagent nobody knows how hard it thinks. */
export function isOwnWork(event: HookEvent, fields: Record<string, unknown>): boolean {
  return EFFORT_EVENTS.has(event) && fields['agent_id'] === undefined;
}
