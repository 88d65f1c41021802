import { defineTool, type ToolDefinition } from '@earendil-works/pi-coding-agent';
import { Port } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { describeTunnel, describeTunnels, WHO_MAY_OPEN } from './tunnel-text.js';
import type { TunnelRequests } from './tunnel-requests.js';

const CreateParameters = Type.Object({
  port: Type.Integer({ ...Port, description: 'The port on 127.0.0.1 of this machine, e.g. 5173.' }),
  name: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'What the person sees it called, e.g. "Vite dev server".',
    }),
  ),
});
const CloseParameters = Type.Object({
  tunnelId: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'The tunnel, as create_tunnel returned it.' }),
  ),
  port: Type.Optional(Type.Integer({ ...Port, description: 'Instead of tunnelId: the port that is exposed.' })),
});

/** The agent's own tools for tunnels. What the port throws becomes a tool error, with its sentence. */
export function tunnelTools(tunnels: TunnelRequests): ToolDefinition[] {
  return [create(tunnels), list(tunnels), close(tunnels)];
}

function create(tunnels: TunnelRequests): ToolDefinition {
  return defineTool({
    name: 'create_tunnel',
    label: 'Create a tunnel',
    description:
      'Expose a port that a program listens on here (127.0.0.1), such as a dev server that you started, so that the person can look at it in their browser from wherever they are. Returns the address to give to them. Only they can open it. The same port again has the same address. It stays until close_tunnel or the end of the session; the program may restart meanwhile.',
    promptSnippet: 'Show the person a local web server of yours in their browser (give them the address it returns)',
    parameters: CreateParameters,
    execute: async (_id, { port, name }, signal) => {
      const request = { request: 'create' as const, port, ...(name !== undefined && { name }) };
      const { tunnels: made } = await tunnels.request(request, signal);
      const [tunnel] = made;
      const text = ['Exposed.', ...made.map(describeTunnel), WHO_MAY_OPEN].join('\n');
      return { ...said(text), details: tunnel && { name: tunnel.name, url: tunnel.url } };
    },
  });
}

function list(tunnels: TunnelRequests): ToolDefinition {
  return defineTool({
    name: 'list_tunnels',
    label: 'List tunnels',
    description:
      "List the ports exposed for this session and the panels of its runner's services, with their addresses.",
    parameters: Type.Object({}),
    execute: async (_id, _call, signal) =>
      said(describeTunnels((await tunnels.request({ request: 'list' }, signal)).tunnels)),
  });
}

function close(tunnels: TunnelRequests): ToolDefinition {
  return defineTool({
    name: 'close_tunnel',
    label: 'Close a tunnel',
    description: 'Stop exposing a port. Give its tunnelId or its port. The program itself goes on.',
    parameters: CloseParameters,
    execute: async (_id, { tunnelId, port }, signal) => {
      if (tunnelId !== undefined && port === undefined) await tunnels.request({ request: 'close', tunnelId }, signal);
      else if (port !== undefined && tunnelId === undefined)
        await tunnels.request({ request: 'close-port', port }, signal);
      else throw new Error('Give either a tunnelId (see list_tunnels) or a port.');
      return said('Closed.');
    },
  });
}

function said(text: string): { content: { type: 'text'; text: string }[]; details: undefined } {
  return { content: [{ type: 'text', text }], details: undefined };
}
