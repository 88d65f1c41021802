import { defineTool, type ToolDefinition } from '@earendil-works/pi-coding-agent';
import type { McpServers, ServerResource } from '@pizzapi/mcp';
import { Type } from 'typebox';

/** The tools' names, which rules know. */
export const LIST_RESOURCES = 'list_mcp_resources';
export const READ_RESOURCE = 'read_mcp_resource';

/** Of one list, in lines and characters: more would fill the context. */
const MAX_LISTED = 200;
const MAX_TEXT = 100_000;

const ListParameters = Type.Object({
  server: Type.Optional(Type.String({ description: 'Only those of this MCP server.' })),
});
const ReadParameters = Type.Object({
  server: Type.String({ description: 'The MCP server that has it.' }),
  uri: Type.String({ description: 'As the server lists it, or made of one of its templates.' }),
});

/** How an agent reads what servers offer to be read. */
export function resourceTools(servers: Pick<McpServers, 'withResources' | 'resources' | 'read'>): ToolDefinition[] {
  return [
    defineTool({
      name: LIST_RESOURCES,
      label: 'List MCP resources',
      description: 'List what the MCP servers offer to be read: documents, records, files of theirs, by their URIs.',
      parameters: ListParameters,
      execute: async (_id, { server }, signal) => {
        const asked = server === undefined ? servers.withResources : [server];
        const lists = await Promise.all(
          asked.map((name) => servers.resources(name, signal).then(linesOf, (error: unknown) => [messageOf(error)])),
        );
        const lines = lists.flat();
        const more = lines.length - MAX_LISTED;
        const shown = [...lines.slice(0, MAX_LISTED), ...(more > 0 ? [`[${more} more are left out]`] : [])];
        return { content: [{ type: 'text', text: bounded(shown.join('\n')) || 'There are none.' }], details: null };
      },
    }),
    defineTool({
      name: READ_RESOURCE,
      label: 'Read an MCP resource',
      description: `Read something that an MCP server offers; ${LIST_RESOURCES} says what there is.`,
      parameters: ReadParameters,
      execute: async (_id, { server, uri }, signal) => {
        const { content } = await servers.read(server, uri, signal);
        return { content: content.length > 0 ? content : [{ type: 'text', text: 'It is empty.' }], details: null };
      },
    }),
  ];
}

function linesOf(resources: readonly ServerResource[]): string[] {
  return resources.map(({ server, uri, isTemplate, name, description, mimeType }) => {
    const facts = [...(isTemplate ? ['a template'] : []), ...(mimeType === null ? [] : [mimeType])];
    const what = [name, ...(facts.length > 0 ? [`(${facts.join(', ')})`] : [])].join(' ');
    return `${server} ${uri}: ${what}${description === '' ? '' : `. ${description}`}`;
  });
}

function bounded(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}\n[cut: the list is longer]`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
