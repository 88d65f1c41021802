// Knows which tickets are frozen; speaks MCP by its input and output.
import { createInterface } from 'node:readline';

const inputSchema = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
const say = (text) => ({ content: [{ type: 'text', text }] });
const calls = {
  find: ({ text }) => say(`${text} is about the oven. ${'And about more. '.repeat(200)}`),
  frozen: ({ text }) =>
    say(text.includes('T-7') ? JSON.stringify({ decision: 'block', reason: 'T-7 is frozen.' }) : ''),
};
const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'tickets', version: '1.0.0' },
  }),
  'tools/list': () => ({ tools: Object.keys(calls).map((name) => ({ name, inputSchema })) }),
  'tools/call': ({ name, arguments: args }) => calls[name](args),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = answers[method]?.(params);
  if (result) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
