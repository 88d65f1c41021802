import { once } from 'node:events';
import { type IncomingMessage, request as send, type RequestOptions } from 'node:http';
import { type RawData, WebSocket } from 'ws';

/** What a browser says when a person goes to a page. */
export const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html,*/*' };

export interface TunnelAnswer {
  status: number;
  /** In lower case; repeated ones joined, but for `set-cookie`. */
  headers: IncomingMessage['headers'];
  body: string;
}

export interface TunnelRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Asks as a browser would whose name service knows every tunnel: Node's does not. */
export async function ask(relayUrl: string, url: string, options: TunnelRequest = {}): Promise<TunnelAnswer> {
  const answer = await open(relayUrl, url, options);
  let body = '';
  for await (const chunk of answer.setEncoding('utf8')) body += String(chunk);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}

/** The same, up to the head of the answer. */
export async function open(
  relayUrl: string,
  url: string,
  { method = 'GET', headers = {}, body }: TunnelRequest = {},
): Promise<IncomingMessage> {
  const request = send({
    ...addressOf(relayUrl, url),
    method,
    headers: { host: new URL(url, relayUrl).host, ...headers },
  });
  request.end(body);
  const [answer]: IncomingMessage[] = await once(request, 'response');
  if (!answer) throw new Error('There was no answer.');
  return answer;
}

/** A WebSocket to a tunnel. @throws Error with the status that it was refused with */
export async function openSocket(
  relayUrl: string,
  url: string,
  headers: Record<string, string> = {},
): Promise<WebSocket> {
  const { host, port } = addressOf(relayUrl, url);
  const { pathname, search } = new URL(url, relayUrl);
  const socket = new WebSocket(`ws://${host}:${port}${pathname}${search}`, {
    headers: { host: new URL(url, relayUrl).host, ...headers },
  });
  socket.on('unexpected-response', (_request, response) => {
    socket.emit('error', new Error(`refused with ${response.statusCode}`));
    response.resume();
  });
  await once(socket, 'open');
  return socket;
}

/** What a message of a WebSocket says. */
export function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}

function addressOf(relayUrl: string, url: string): RequestOptions {
  const { pathname, search } = new URL(url, relayUrl);
  // Verbatim: a URL would take out what is twice.
  const path = url.startsWith('/') ? url : url.slice(new URL(url).origin.length) || pathname + search;
  return { host: '127.0.0.1', port: new URL(relayUrl).port, path, agent: false };
}
