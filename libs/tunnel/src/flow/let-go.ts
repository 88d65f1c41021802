import type { Http2Stream } from 'node:http2';

/**
 * Detaches everything that listened to a stream that is over. Node's table of streams leaves old versions of itself behind. Once one of them has
 * moved to V8's old generation it keeps the streams in it alive, with all that they hold, until the next full collection.
 */
export function letGo(stream: Http2Stream): void {
  stream.removeAllListeners();
  // A late error without a listener would end the process.
  stream.on('error', () => undefined);
}
