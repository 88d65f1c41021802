import { Agent, type ClientRequest, type IncomingMessage, request as ask, type RequestOptions } from 'node:http';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';
import { WebSocket } from 'ws';
import { quantile } from '../../measure/statistics.js';
import { answer, answerQuestions } from '../../processes/answer-questions.js';

/** Where to ask: the service itself, the chain, or the tunnel, whose host and cookie go with each request. */
const Place = { port: Type.Integer(), headers: Type.Record(Type.String(), Type.String()) };
interface Place {
  port: number;
  headers: Record<string, string>;
}
const CHUNK = Buffer.alloc(256 * 1024, 'u');
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
let held: IncomingMessage[] = [];

answerQuestions({
  download: answer(Type.Object({ ...Place, bytes: Type.Integer() }), async ({ bytes, ...place }) => {
    const startedAt = performance.now();
    const received = await drained(await answered(open(place, `/bytes?n=${bytes}`).end()));
    if (received !== bytes) throw new Error(`${received} of ${bytes} bytes arrived.`);
    return { mbPerSecond: bytes / 1e3 / (performance.now() - startedAt) };
  }),
  upload: answer(Type.Object({ ...Place, bytes: Type.Integer() }), async ({ bytes, ...place }) => {
    const startedAt = performance.now();
    const request = open(place, '/upload', { method: 'POST', headers: { 'content-length': bytes } });
    const answer = answered(request);
    for (let sent = 0; sent < bytes; sent += CHUNK.length)
      if (!request.write(CHUNK.subarray(0, Math.min(CHUNK.length, bytes - sent)))) await once(request, 'drain');
    request.end();
    await drained(await answer);
    return { mbPerSecond: bytes / 1e3 / (performance.now() - startedAt) };
  }),
  /** Small answers, one after the other by each caller. */
  requests: answer(Type.Object({ ...Place, callers: Type.Integer(), ms: Type.Integer() }), async (question) => {
    const tookMs: number[] = [];
    const until = performance.now() + question.ms;
    const call = async (): Promise<void> => {
      while (performance.now() < until) {
        const startedAt = performance.now();
        await drained(await answered(open(question, '/kib').end()));
        tookMs.push(performance.now() - startedAt);
      }
    };
    await Promise.all(Array.from({ length: question.callers }, call));
    tookMs.sort((a, b) => a - b);
    return {
      perSecond: (tookMs.length / question.ms) * 1_000,
      p50: quantile(tookMs, 0.5),
      p99: quantile(tookMs, 0.99),
    };
  }),
  firstBytes: answer(Type.Object({ ...Place, path: Type.String(), count: Type.Integer() }), async (question) => {
    const tookMs: number[] = [];
    for (let at = 0; at < question.count; at++) {
      const startedAt = performance.now();
      const response = await answered(open(question, question.path).end());
      await once(response, 'data');
      tookMs.push(performance.now() - startedAt);
      response.destroy();
    }
    return {
      p50: quantile(
        tookMs.sort((a, b) => a - b),
        0.5,
      ),
    };
  }),
  echo: answer(Type.Object({ ...Place, count: Type.Integer() }), async ({ port, headers, count }) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/echo`, { headers, perMessageDeflate: false });
    await once(socket, 'open');
    const tookMs: number[] = [];
    for (let at = 0; at < count; at++) {
      const startedAt = performance.now();
      socket.send('x'.repeat(100));
      await once(socket, 'message');
      tookMs.push(performance.now() - startedAt);
    }
    socket.close();
    return {
      p50: quantile(
        tookMs.sort((a, b) => a - b),
        0.5,
      ),
    };
  }),
  /** Opens event streams, and holds them. */
  hold: answer(Type.Object({ ...Place, count: Type.Integer() }), async ({ count, ...place }) => {
    for (let at = 0; at < count; at += 50)
      held.push(...(await Promise.all(Array.from({ length: Math.min(50, count - at) }, () => firstEvent(place)))));
    return { open: held.filter(({ destroyed }) => !destroyed).length };
  }),
  /** A download that never ends, read as fast as it comes or at so many bytes a second. */
  greedy: answer(
    Type.Object({ ...Place, bytesPerSecond: Type.Union([Type.Integer(), Type.Null()]) }),
    async (question) => {
      const response = await answered(open(question, `/bytes?n=${2 ** 40}`).end());
      held.push(response);
      if (question.bytesPerSecond === null) return void response.resume();
      // It ends when it is let go, in the middle.
      readSlowly(response, question.bytesPerSecond).catch(() => undefined);
    },
  ),
  letGo: answer(Type.Object({}), () => {
    for (const response of held) response.destroy();
    held = [];
  }),
});

function open({ port, headers }: Place, path: string, options: RequestOptions = {}): ClientRequest {
  const all = { ...headers, ...(options.headers as Record<string, string> | undefined) };
  return ask({ host: '127.0.0.1', port, path, agent, ...options, headers: all });
}

async function answered(request: ClientRequest): Promise<IncomingMessage> {
  const [response]: [IncomingMessage] = await new Promise((resolve, reject) => {
    request.once('response', (...args) => resolve(args)).once('error', reject);
  });
  if (response.statusCode !== 200) throw new Error(`Answered with ${response.statusCode}.`);
  response.on('error', () => undefined); // let go in the middle
  return response;
}

async function drained(response: IncomingMessage): Promise<number> {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await once(response, 'end');
  return bytes;
}

async function firstEvent(place: Place): Promise<IncomingMessage> {
  const response = await answered(open(place, '/events', { agent: false }).end());
  await once(response, 'data');
  response.resume();
  return response;
}

async function readSlowly(response: IncomingMessage, bytesPerSecond: number): Promise<void> {
  let read = 0;
  const startedAt = performance.now();
  for await (const chunk of response) {
    read += Buffer.byteLength(chunk as Buffer);
    const aheadMs = (read / bytesPerSecond) * 1_000 - (performance.now() - startedAt);
    if (aheadMs > 0) await pause(aheadMs);
  }
}
