import { createServer, type ServerResponse } from 'node:http';
import { Type } from 'typebox';
import { WebSocketServer } from 'ws';
import { answer, answerQuestions } from '../../processes/answer-questions.js';
import { listen } from './listen.js';

const KIB = Buffer.alloc(1024, 'k');
const CHUNK = Buffer.alloc(256 * 1024, 'c');

/** What listens at the runner: bytes without end, small answers, events, and an echo. */
answerQuestions({
  listen: answer(Type.Object({}), async () => {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://service');
      if (url.pathname === '/bytes') return send(response, Number(url.searchParams.get('n')));
      if (url.pathname === '/upload') return void request.resume().once('end', () => response.end('taken'));
      if (url.pathname === '/events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        return void response.write('data: first\n\n');
      }
      response.end(KIB);
    });
    new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) =>
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
    );
    return { port: await listen(server) };
  }),
});

function send(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-length': bytes });
  let left = bytes;
  const more = (): void => {
    while (left > 0) {
      const chunk = left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
      left -= chunk.length;
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}
