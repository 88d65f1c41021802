/** A program that is an MCP server whose tools ask: people for a value, for a visit of an address, and for the session's model. */
export const ASKING = `
import { createInterface } from 'node:readline';
const say = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
const QUESTIONS = {
  order: { method: 'elicitation/create', params: {
    message: 'The kitchen closes at ten.',
    requestedSchema: {
      type: 'object', required: ['size'],
      properties: {
        size: { type: 'string', title: 'Which size?', enum: ['small', 'large'] },
        note: { type: 'string', title: 'A word to the kitchen' },
      },
    },
  } },
  pay: { method: 'elicitation/create', params: {
    mode: 'url', elicitationId: 'p1', url: 'http://127.0.0.1:9/pay?order=17', message: 'Pay before we bake.',
  } },
  praise: { method: 'sampling/createMessage', params: {
    systemPrompt: 'You praise pizzas.',
    messages: [{ role: 'user', content: { type: 'text', text: 'Praise a margherita in one sentence.' } }],
    maxTokens: 100,
  } },
};
const waiting = new Map();
const tool = (name) => ({ name, description: name, inputSchema: { type: 'object' } });
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result, error } = JSON.parse(line);
  const answer = (content) => say({ id, result: content });
  if (method === 'initialize')
    answer({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'counter', version: '1' } });
  if (method === 'tools/list') answer({ tools: Object.keys(QUESTIONS).map(tool) });
  if (method === 'tools/call') {
    const question = 'q' + id;
    waiting.set(question, id);
    say({ id: question, ...QUESTIONS[params.name] });
  }
  if (method === undefined && waiting.has(id))
    say({ id: waiting.get(id), result: { content: [{ type: 'text', text: 'Heard ' + JSON.stringify(result ?? error) }] } });
});
`;
