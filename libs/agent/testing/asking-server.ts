import { readServers, type ServerFile } from '@pizzapi/mcp';
import type { McpPorts } from '../src/mcp/mcp-ports.js';

/** A server `oven` whose tool `bake` asks for a value, then to have an address opened, and then tells what it was answered. */
export function askingServer(): McpPorts {
  const program = `
    const say = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
    const form = { message: 'How hot?', requestedSchema: { type: 'object', properties: { degrees: { type: 'string' } }, required: ['degrees'] } };
    let call;
    const answers = [];
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method, params } = JSON.parse(line);
      if (method === 'initialize') say({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'oven', version: '1' } } });
      if (method === 'tools/list') say({ id, result: { tools: [{ name: 'bake', inputSchema: { type: 'object' } }] } });
      if (method === 'tools/call') { call = id; say({ id: 'form', method: 'elicitation/create', params: form }); }
      if (id === 'form' || id === 'url') answers.push(JSON.parse(line).result.action);
      const isOver = id === 'url' || (id === 'form' && answers[0] !== 'accept');
      if (id === 'form' && !isOver) say({ id: 'url', method: 'elicitation/create', params: { mode: 'url', elicitationId: 'e', url: 'https://pay.example.com/', message: 'Pay.' } });
      if (isOver) say({ id: call, result: { content: [{ type: 'text', text: 'Baked: ' + answers.join(', ') }] } });
    });
  `;
  const file: ServerFile = { path: 'servers.json', source: 'user' };
  const mcpServers = { oven: { command: process.execPath, args: ['-e', program] } };
  const env = { PATH: process.env['PATH'] };
  return {
    list: readServers([file], () => JSON.stringify({ mcpServers })),
    trust: { answerOn: () => null, remember: () => undefined },
    env,
    programEnvironment: () => env,
    version: '1',
  };
}
