import { Agent, createServer, request as ask } from 'node:http';
import { Type } from 'typebox';
import { answer, answerQuestions } from '../../processes/answer-questions.js';
import { listen } from './listen.js';

/** A plain reverse proxy on Node's own HTTP; two in a row are the least that a relay and a runner can be. */
answerQuestions({
  listen: answer(Type.Object({ to: Type.Integer() }), async ({ to }) => {
    const agent = new Agent({ keepAlive: true });
    const server = createServer((request, response) => {
      const { method, url, headers } = request;
      const onward = ask({ host: '127.0.0.1', port: to, method, path: url, headers, agent }, (answered) => {
        response.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
        response.flushHeaders();
        answered.pipe(response);
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    });
    server.on('upgrade', (request, socket, head) => {
      const onward = ask({ host: '127.0.0.1', port: to, path: request.url, headers: request.headers });
      onward.on('upgrade', (answered, upstream) => {
        const lines = [];
        for (let at = 0; at < answered.rawHeaders.length; at += 2)
          lines.push(`${answered.rawHeaders[at]}: ${answered.rawHeaders[at + 1]}\r\n`);
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
        for (const end of [upstream, socket])
          end.on('error', () => [upstream, socket].forEach((each) => each.destroy()));
      });
      onward.end();
    });
    return { port: await listen(server) };
  }),
});
