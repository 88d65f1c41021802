import { Namespace } from '@pizzapi/protocol';
import { io, type Socket } from 'socket.io-client';
import { Type } from 'typebox';
import { answer, answerQuestions } from '../../processes/answer-questions.js';

interface Client {
  socket: Socket;
  isTold: boolean;
  reason: string | null;
}

let clients: Client[] = [];

/** Browsers that wait to be told that the relay stops. */
answerQuestions({
  open: answer(
    Type.Object({ url: Type.String(), headers: Type.Record(Type.String(), Type.String()), sessionId: Type.String(), viewers: Type.Integer(), hubs: Type.Integer() }),
    async ({ url, headers, sessionId, viewers, hubs }) => {
      const namespaces = [...Array<string>(viewers).fill(Namespace.viewer), ...Array<string>(hubs).fill(Namespace.hub)];
      clients = namespaces.map((namespace) => openClient(url + namespace, headers));
      await Promise.all(clients.map(({ socket }, at) => attach(socket, namespaces[at] === Namespace.viewer ? sessionId : null)));
    },
  ),
  /** Answers when every connection has ended. */
  ended: answer(Type.Object({}), async () => {
    await Promise.all(clients.map(({ socket }) => (socket.connected ? new Promise((resolve) => socket.once('disconnect', resolve)) : null)));
    return { told: clients.filter(({ isTold }) => isTold).length, reasons: [...new Set(clients.map(({ reason }) => reason ?? 'none'))].sort() };
  }),
});

function openClient(url: string, extraHeaders: Record<string, string>): Client {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders });
  const client: Client = { socket, isTold: false, reason: null };
  socket.on('relay:stopping', () => (client.isTold = true));
  socket.on('disconnect', (reason) => {
    client.reason = reason;
    // Socket.IO's own goodbye, in contrast to a connection that merely broke.
    if (reason === 'io server disconnect') client.isTold = true;
  });
  return client;
}

async function attach(socket: Socket, sessionId: string | null): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  if (sessionId !== null) await socket.timeout(20_000).emitWithAck('session:attach', { sessionId, afterSeq: 0 });
}
