import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type AgentToRelay, Namespace, type RelayToAgent } from '@pizzapi/protocol';
import { Server } from 'socket.io';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { answer, answerQuestions } from '../../processes/answer-questions.js';

/**
 * The other baseline: a server that writes each trigger to whoever is connected, answers, and is done. It keeps nothing, checks nothing and knows
 * nobody: what is not connected misses it. It speaks enough of the protocol that the same agents and callers can be used.
 */
const trigger = Compile(Type.Object({ type: Type.String(), payload: Type.Unknown(), source: Type.String() }));

const http = createServer((request, response) => {
  fire(request).then(
    (fired) => {
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end(JSON.stringify(fired));
    },
    (error: unknown) => response.writeHead(400).end(String(error)),
  );
});
const agents = new Server<AgentToRelay, RelayToAgent>(http, {
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
}).of(Namespace.agent);
agents.on('connection', (socket) => {
  socket.on('agent:register', (_message, reply) => reply({ ok: true, lastSeq: 0, lastEntryId: null }));
});
let fired = 0;

async function fire(request: IncomingMessage): Promise<object> {
  const body: unknown = JSON.parse(await text(request));
  if (!trigger.Check(body)) throw new Error('This is no trigger.');
  const triggerId = `trg_${++fired}`;
  const ts = new Date().toISOString();
  const delivered = JSON.stringify({ triggerId, ts, ...body });
  const item = { cursor: '0-0', kind: 'trigger', deliverAs: 'followUp', ts, text: delivered, triggerId } as const;
  for (const socket of agents.sockets.values())
    socket.emit('inbox:deliver', { items: [{ ...item, deliveryId: `dlv_${fired}_${socket.id}` }] });
  return { ok: true, triggerId, subscriptions: agents.sockets.size, listeners: 0 };
}

answerQuestions({
  listen: answer(Type.Object({}), async () => {
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return { port: portOf(http.address()) };
  }),
});

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The emitting server has no port.');
  return address.port;
}
