import { constants, type Http2Stream } from 'node:http2';

/**
 * Ends a stream of which nobody wants the rest.
 * @param code what the other end is told; a cancellation, if nothing else is said
 */
export function cancel(stream: Http2Stream, code = constants.NGHTTP2_CANCEL): void {
  if (!stream.closed) stream.close(code);
  // All of it has come, and would wait for a reader for ever.
  else stream.destroy();
}
