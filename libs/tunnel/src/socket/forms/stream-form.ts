import { createHash, randomBytes } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, request as askPlainly } from 'node:http';
import { request as askSecurely } from 'node:https';
import type { Socket } from 'node:net';
import { DialRefusedError } from '../dial-refused-error.js';
import type { DialOptions, OpenedSocket } from '../opened-socket.js';
import { ENDLESS, ENDLESS_MASKED, takeHead } from './endless-message.js';

/** Said by both ends: `stream`. Who does not know it speaks in messages. */
const FORM_HEADER = 'pizzapi-tunnel-form';
const STREAM = 'stream';
/** RFC 6455, 4.2.2. */
const ACCEPT_SALT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** The other end takes tunnels, but no stream got through to it. */
export class NoStreamError extends Error {
  override name = 'NoStreamError';
}

/** Whether the dialling end wishes a stream, in a request that is a whole handshake. */
export function asksForStream({ method, headers }: IncomingMessage): boolean {
  return (
    headers[FORM_HEADER] === STREAM &&
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    KEY.test(headers['sec-websocket-key'] ?? '')
  );
}

/** @throws Error when the dialling end does not begin in time */
export async function acceptStream(
  { headers }: IncomingMessage,
  carrier: Socket,
  head: Buffer,
  timeoutMs: number,
): Promise<OpenedSocket> {
  prepare(carrier, head);
  const answer = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptOf(headers['sec-websocket-key'] ?? '')}`,
    `${FORM_HEADER}: ${STREAM}`,
  ];
  carrier.write(Buffer.concat([Buffer.from(`${answer.join('\r\n')}\r\n\r\n`, 'latin1'), ENDLESS]));
  const timer = setTimeout(() => carrier.destroy(), timeoutMs);
  try {
    await takeHead(carrier, ENDLESS_MASKED, 0);
  } catch (error) {
    carrier.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return opened(carrier);
}

/** @throws NoStreamError, DialRefusedError, or the error of the connection */
export async function dialStream(
  url: string,
  options: DialOptions & { handshakeTimeoutMs: number },
): Promise<OpenedSocket> {
  const timedOut = new AbortController();
  const timer = setTimeout(() => timedOut.abort(new Error('The handshake took too long.')), options.handshakeTimeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timedOut.signal]) : timedOut.signal;
  try {
    const carrier = await shakeHands(url, options.headers, signal);
    await begin(carrier, signal);
    return opened(carrier);
  } finally {
    clearTimeout(timer);
  }
}

async function shakeHands(url: string, headers: DialOptions['headers'], signal: AbortSignal): Promise<Socket> {
  const key = randomBytes(16).toString('base64');
  const asked = ask(url, { ...headers, ...handshake(key) }, signal);
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  asked.once('response', (response) => {
    DialRefusedError.from(response)
      .then(reject, reject)
      .finally(() => asked.destroy());
  });
  asked.once('upgrade', (response, socket, head) => {
    const isAccepted = response.headers['sec-websocket-accept'] === acceptOf(key);
    if (isAccepted && response.headers[FORM_HEADER] === STREAM) {
      prepare(socket, head);
      return resolve(socket);
    }
    socket.destroy();
    reject(new NoStreamError('The other end does not know streams.'));
  });
  asked.on('error', (error) => reject(signal.aborted ? signal.reason : error));
  asked.end();
  return promise;
}

/** Its bytes come first after ours have arrived: both ways let a message without an end through. */
async function begin(carrier: Socket, signal: AbortSignal): Promise<void> {
  const giveUp = (): void => void carrier.destroy();
  signal.addEventListener('abort', giveUp);
  try {
    carrier.write(ENDLESS_MASKED);
    await takeHead(carrier, ENDLESS, 1);
  } catch (cause) {
    carrier.destroy();
    throw new NoStreamError('No message without an end got through.', { cause });
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function ask(url: string, headers: Record<string, string>, signal: AbortSignal): ClientRequest {
  const address = new URL(url.replace(/^ws/, 'http'));
  const send = address.protocol === 'https:' ? askSecurely : askPlainly;
  return send(address, { headers, signal, agent: false });
}

function handshake(key: string): Record<string, string> {
  return {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
    [FORM_HEADER]: STREAM,
  };
}

function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + ACCEPT_SALT)
    .digest('base64');
}

/** Whoever accepts connections of HTTP keeps them half open, and gives them time for a request. */
function prepare(carrier: Socket, head: Buffer): void {
  carrier.allowHalfOpen = false;
  carrier.setTimeout(0);
  carrier.setNoDelay(true);
  // Whatever broke, `close` follows.
  carrier.on('error', () => undefined);
  if (head.length > 0) carrier.unshift(head);
}

function opened(carrier: Socket): OpenedSocket {
  return { form: 'stream', bytes: carrier, carrier, reads: () => true };
}
