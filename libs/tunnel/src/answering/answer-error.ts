import { constants, type ServerHttp2Stream } from 'node:http2';
import { errorHeaders } from '../http/tunnel-headers.js';
import { TunnelError } from '../tunnel-error.js';

/** Tells the asking end why there is no answer, or no more of it. */
export function answerError(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.destroyed || stream.closed) return;
  if (stream.headersSent) return stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  stream.respond(errorHeaders(asTunnelError(error)), { endStream: true });
  // What is left of the request is not wanted.
  stream.resume();
}

function asTunnelError(error: unknown): TunnelError {
  if (error instanceof TunnelError) return error;
  return new TunnelError('garbage', error instanceof Error ? error.message : String(error), { cause: error });
}
