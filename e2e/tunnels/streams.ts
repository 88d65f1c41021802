import { once } from 'node:events';
import { type IncomingMessage, request, type RequestListener, type ServerResponse } from 'node:http';

/** An answer that has begun. */
export interface Stream {
  status: number;
  /** What has come of it so far. */
  bytes: () => number;
  text: () => string;
  /** Whether it came to its end, and not merely to the end of its connection. */
  isWhole: Promise<boolean>;
}

/** Begins to read an answer; resolves with its head and some of its body. */
export async function beginStream(url: string, headers: Record<string, string>): Promise<Stream> {
  const asked = request(url, { headers, agent: false });
  asked.end();
  const [answer]: IncomingMessage[] = await once(asked, 'response');
  if (!answer) throw new Error('There was no answer.');
  asked.on('error', () => undefined);
  const isWhole = new Promise<boolean>((resolve) => {
    answer.on('error', () => undefined).once('close', () => resolve(answer.complete));
  });
  let bytes = 0;
  let text = '';
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (text.length < 1_000) text += chunk.toString('latin1');
  });
  await once(answer, 'data');
  return { status: answer.statusCode ?? 0, bytes: () => bytes, text: () => text, isWhole };
}

const PIECE = Buffer.alloc(64 * 1024, 'x');

/** A service of which each path is answered in another way; `finish` ends the event streams. */
export class StreamingService {
  private readonly events: ServerResponse[] = [];

  readonly listener: RequestListener = ({ url }, response) => {
    if (url === '/endless') return pump(response);
    if (url === '/large') return pump(response.writeHead(200, { 'content-length': 1e12 }));
    if (url !== '/events') return void response.end('hello');
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: begin\n\n');
    this.events.push(response);
  };

  finish(): void {
    for (const response of this.events.splice(0)) response.end('data: end\n\n');
  }
}

/** As fast as it is taken. */
function pump(response: ServerResponse): void {
  const goOn = (): void => {
    while (!response.destroyed && response.write(PIECE));
  };
  response.on('drain', goOn);
  goOn();
}
