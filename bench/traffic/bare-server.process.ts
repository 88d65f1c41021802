import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AgentToRelay, Namespace, type RelayToAgent } from '@pizzapi/protocol';
import { Server, type Namespace as SocketNamespace } from 'socket.io';
import { Type } from 'typebox';
import { answer, answerQuestions } from '../processes/answer-questions.js';

/**
 * The baseline: Socket.IO alone. It passes events on to everybody, keeps nothing, checks nothing and knows nobody. It speaks enough of
 * the protocol that the same clients can be used.
 */
/** Whether a batch is passed on as it came, or event by event. */
let isBatched = false;
const http = createServer((_request, response) => response.end('ok'));
const server = new Server(http, {
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
  maxHttpBufferSize: 24 * 1024 * 1024,
});
const viewers = server.of(Namespace.viewer);
viewers.on('connection', (socket) => {
  socket.on('session:attach', (_message: unknown, reply: (value: { ok: true }) => void) => reply({ ok: true }));
});
const agents: SocketNamespace<AgentToRelay, RelayToAgent> = server.of(Namespace.agent);
agents.on('connection', (socket) => {
  socket.on('agent:register', (_message, reply) => reply({ ok: true, lastSeq: 0, lastEntryId: null }));
  socket.on('agent:events', ({ events }, reply) => {
    if (isBatched) viewers.emit('session:events', { sessionId: '', events });
    else for (const event of events) viewers.emit('session:event', event);
    reply({ ok: true, lastSeq: events.at(-1)?.seq ?? 0 });
  });
});
server.of(Namespace.hub).on('connection', () => undefined);

answerQuestions({
  listen: answer(Type.Object({ isBatched: Type.Boolean() }), async (options) => {
    isBatched = options.isBatched;
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return { port: portOf(http.address()) };
  }),
});

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The bare server has no port.');
  return address.port;
}
