import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * How HTTP/2's bytes lie in the WebSocket. `stream`: as one message that never ends, so that HTTP/2 runs on the connection itself.
 * `messages`: as one message for each batch, where bytes have to be masked, or something on the way waits for the end of each message.
 */
export type SocketForm = 'stream' | 'messages';

export interface SocketOptions {
  /** Silence that makes a ping; twice the silence ends the connection. Default 15 s. */
  pingIntervalMs?: number;
  /** Default 15 s. */
  handshakeTimeoutMs?: number;
}

export interface DialOptions extends SocketOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A connection whose WebSocket has been opened. */
export interface OpenedSocket {
  form: SocketForm;
  /** What HTTP/2 runs on. */
  bytes: Duplex;
  /** The connection beneath. */
  carrier: Duplex & Pick<Socket, 'bytesRead'>;
  /** Whether this end reads now. */
  reads: () => boolean;
}
