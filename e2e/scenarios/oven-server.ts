/** A program that is an MCP server with one tool. */
export const OVEN = `
import { createInterface } from 'node:readline';
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const answer = (result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
  if (method === 'initialize')
    answer({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'oven', version: '1' } });
  if (method === 'tools/list')
    answer({ tools: [{ name: 'bake', description: 'Bakes', inputSchema: { type: 'object', properties: { pizza: { type: 'string' } } } }] });
  if (method === 'tools/call') answer({ content: [{ type: 'text', text: params.arguments.pizza + ', baked' }] });
});
`;
