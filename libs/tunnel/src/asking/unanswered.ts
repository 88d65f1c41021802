import type { ClientHttp2Stream } from 'node:http2';
import { TunnelError } from '../tunnel-error.js';

/** What is to be known of the connection that a stream was on. */
export interface Connection {
  /** Whether the stream has not reached the other end, and never will. */
  hasNotSeen(stream: ClientHttp2Stream): boolean;
}

/**
 * Why a stream closed before there was an answer.
 * @param cause the stream's own error, if it had one
 */
export function unanswered(stream: ClientHttp2Stream, connection: Connection, cause: Error | undefined): TunnelError {
  if (connection.hasNotSeen(stream))
    return new TunnelError('offline', 'The connection to the runner is about to end.', { cause });
  return new TunnelError('interrupted', 'The connection to the runner ended before the answer began.', { cause });
}
