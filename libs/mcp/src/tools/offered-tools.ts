import type { Tool } from '@modelcontextprotocol/client';
import { toolName } from './tool-name.js';

/** Of one server: each costs context with every call of the model. */
const MAX_TOOLS = 200;
const MAX_DESCRIPTION = 4_000;
const MAX_SCHEMA = 50_000;

/** A tool of a server, as a model gets it. */
export interface ServerTool {
  /** `mcp__server__tool`. */
  name: string;
  server: string;
  /** As the server calls it. */
  tool: string;
  title: string;
  description: string;
  /** JSON Schema of an object. */
  inputSchema: Record<string, unknown>;
}

/** What of a list can be offered to a model, and in a sentence what cannot. The first of a name has it. */
export function offeredTools(server: string, tools: readonly Tool[]): { usable: ServerTool[]; reason: string | null } {
  const fitting = tools.filter(({ inputSchema }) => JSON.stringify(inputSchema).length <= MAX_SCHEMA);
  const named = new Map<string, ServerTool>();
  for (const tool of fitting) {
    const each = offered(server, tool);
    if (!named.has(each.name)) named.set(each.name, each);
  }
  const usable = [...named.values()].slice(0, MAX_TOOLS);
  const leftOut = tools.length - usable.length;
  if (leftOut === 0) return { usable, reason: null };
  const causes = [
    ...(fitting.length < tools.length ? ['a schema is too large'] : []),
    ...(named.size < fitting.length ? ['others have the same name'] : []),
    ...(usable.length < named.size ? ['there are too many'] : []),
  ];
  return { usable, reason: `${leftOut} of its ${tools.length} tools are left out: ${causes.join(', ')}.` };
}

function offered(server: string, { name: tool, title, description = '', inputSchema, annotations }: Tool): ServerTool {
  return {
    name: toolName(server, tool),
    server,
    tool,
    title: title ?? annotations?.title ?? tool,
    description: description.slice(0, MAX_DESCRIPTION),
    inputSchema: { ...inputSchema },
  };
}
