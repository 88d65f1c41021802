import { type ClientHttp2Stream, constants } from 'node:http2';
import type { TunnelSocket } from '../socket/tunnel-socket.js';
import { TunnelError } from '../tunnel-error.js';

/** What is to be known of the connection that a stream was on. */
export type Connection = Pick<TunnelSocket, 'hasEndedInOrder'>;

/**
 * Why a stream closed before there was an answer.
 * @param cause the stream's own error, if it had one
 */
export function unanswered(stream: ClientHttp2Stream, connection: Connection, cause: Error | undefined): TunnelError {
  // On its way when the other end had said that it takes no more, or had nothing left to do and closed: nobody has seen it.
  if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || connection.hasEndedInOrder)
    return new TunnelError('offline', 'The connection to the runner is about to end.', { cause });
  return new TunnelError('interrupted', 'The connection to the runner ended before the answer began.', { cause });
}
