import { Namespace } from '@pizzapi/protocol';
import { Manager, type Socket } from 'socket.io-client';
import { Type } from 'typebox';
import { answer, answerQuestions } from '../../processes/answer-questions.js';

interface Client {
  viewer: Socket;
  hub: Socket;
  isTold: boolean;
}

let clients: Client[] = [];

/** Browsers, each with one connection for `/viewer` and `/hub`, that wait to be told that the relay stops. */
answerQuestions({
  open: answer(
    Type.Object({
      url: Type.String(),
      headers: Type.Record(Type.String(), Type.String()),
      sessionId: Type.String(),
      count: Type.Integer(),
    }),
    async ({ url, headers, sessionId, count }) => {
      clients = Array.from({ length: count }, () => openClient(url, headers));
      await Promise.all(clients.map((client) => attach(client, sessionId)));
    },
  ),
  /** Answers when every connection has ended. */
  ended: answer(Type.Object({}), async () => {
    await Promise.all(clients.flatMap(({ viewer, hub }) => [viewer, hub].map(disconnected)));
    return { told: clients.filter(({ isTold }) => isTold).length };
  }),
});

function openClient(url: string, extraHeaders: Record<string, string>): Client {
  const manager = new Manager(url, { transports: ['websocket'], reconnection: false, extraHeaders });
  const client: Client = {
    viewer: manager.socket(Namespace.viewer),
    hub: manager.socket(Namespace.hub),
    isTold: false,
  };
  client.hub.on('relay:stopping', () => (client.isTold = true));
  return client;
}

async function attach({ viewer, hub }: Client, sessionId: string): Promise<void> {
  await Promise.all([viewer, hub].map((socket) => connected(socket)));
  await viewer.timeout(20_000).emitWithAck('session:attach', { sessionId, afterSeq: 0 });
}

async function connected(socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
}

async function disconnected(socket: Socket): Promise<void> {
  if (socket.connected) await new Promise((resolve) => socket.once('disconnect', resolve));
}
