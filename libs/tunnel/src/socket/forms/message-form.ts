import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { DialRefusedError } from '../dial-refused-error.js';
import type { DialOptions, OpenedSocket } from '../opened-socket.js';
import { ByteStream } from './byte-stream.js';
import { isUnmasked } from './masks.js';

/** A batch is cut into messages of one frame each or less; a longer message is not ours. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

const acceptor = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });

/** @throws Error when the connection ended before */
export function acceptMessages(request: IncomingMessage, carrier: Socket, head: Buffer): Promise<OpenedSocket> {
  return new Promise((resolve, reject) => {
    carrier.once('close', () => reject(new Error('The connection ended before it was accepted.')));
    acceptor.handleUpgrade(request, carrier, head, (socket) => resolve(opened(socket, carrier)));
  });
}

/** @throws DialRefusedError, or the error of the connection */
export function dialMessages(
  url: string,
  { headers, handshakeTimeoutMs, signal }: DialOptions & { handshakeTimeoutMs: number },
): Promise<OpenedSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<OpenedSocket>();
  const socket = new WebSocket(url, {
    headers,
    handshakeTimeout: handshakeTimeoutMs,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    ...(isUnmasked(url) && { generateMask: noMask }),
  });
  const giveUp = (): void => socket.terminate();
  signal?.addEventListener('abort', giveUp);
  const settle = (): void => signal?.removeEventListener('abort', giveUp);
  socket.once('upgrade', ({ socket: carrier }) =>
    socket.once('open', () => (settle(), resolve(opened(socket, carrier)))),
  );
  socket.on('unexpected-response', (_request, response) => {
    DialRefusedError.from(response).then(reject, reject).finally(giveUp);
  });
  socket.on('error', (error) => (settle(), reject(error)));
  return promise;
}

function opened(socket: WebSocket, carrier: Socket): OpenedSocket {
  const bytes = new ByteStream(socket, carrier);
  socket.on('error', (error) => bytes.destroy(error));
  return { form: 'messages', bytes, carrier, reads: () => !socket.isPaused };
}

/** `ws` skips the work of masking when the mask is zero. */
function noMask(mask: Buffer): void {
  mask.fill(0);
}
