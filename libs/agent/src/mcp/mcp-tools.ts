import { textOfBlocks } from '../events/text-blocks.js';
import type { ExtensionAPI, ToolDefinition } from '@earendil-works/pi-coding-agent';
import type { McpServers, ServerTool } from '@pizzapi/mcp';
import { Type } from 'typebox';
import { resourceTools } from './resource-tools.js';

/** Keeps the agent's tools those that the servers have: pi takes new ones at any time, and puts away by name. */
export class McpTools {
  readonly #pi: ExtensionAPI;
  readonly #servers: McpServers;
  /** What is registered, by name; what a server has no more stays registered and is put away. */
  readonly #known = new Map<string, string>();
  #areResourcesOffered = false;

  constructor(pi: ExtensionAPI, servers: McpServers) {
    this.#pi = pi;
    this.#servers = servers;
  }

  /** @returns the names of tools that could not be taken */
  sync(): string[] {
    const present = new Map(this.#servers.tools.map((tool) => [tool.name, tool]));
    const refused: string[] = [];
    for (const tool of present.values()) if (!this.#register(tool)) refused.push(tool.name);
    this.#offerResources();
    const active = this.#pi.getActiveTools();
    const kept = active.filter((name) => !this.#known.has(name) || present.has(name));
    const back = [...present.keys()].filter((name) => this.#known.has(name) && !active.includes(name));
    if (kept.length < active.length || back.length > 0) this.#pi.setActiveTools([...kept, ...back]);
    return refused;
  }

  /** Once there is something to read. */
  #offerResources(): void {
    if (this.#areResourcesOffered || this.#servers.withResources.length === 0) return;
    this.#areResourcesOffered = true;
    for (const tool of resourceTools(this.#servers)) this.#pi.registerTool(tool);
  }

  #register(tool: ServerTool): boolean {
    const form = JSON.stringify(tool);
    if (this.#known.get(tool.name) === form) return true;
    try {
      this.#pi.registerTool(this.#definitionOf(tool));
    } catch {
      return false;
    }
    this.#known.set(tool.name, form);
    return true;
  }

  #definitionOf(tool: ServerTool): ToolDefinition {
    const { name, title, description, inputSchema } = tool;
    return {
      name,
      label: title,
      description: description || title,
      parameters: Type.Unsafe(inputSchema),
      execute: async (_id, args, signal, onUpdate) => {
        const result = await this.#servers.call(tool, recordOf(args), {
          signal,
          onProgress: ({ progress, total, message }) => {
            const share = total === undefined ? String(progress) : `${progress} of ${total}`;
            onUpdate?.({ content: [{ type: 'text', text: message ?? share }], details: null });
          },
        });
        // pi marks a call as failed by what it throws.
        if (result.isError) throw new Error(textOfBlocks(result.content) || 'The tool failed and said nothing.');
        return { content: result.content, details: null };
      },
    };
  }
}

function recordOf(args: unknown): Record<string, unknown> {
  return typeof args === 'object' && args !== null ? { ...args } : {};
}
