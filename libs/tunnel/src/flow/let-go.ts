import type { Http2Stream } from 'node:http2';

/**
 * Cuts a stream that is over off from all that listened to it. Node's table of streams leaves parts of itself behind as it changes; once one
 * of them has grown old it keeps the next, and the streams in it, and what those hold, until V8's next full collection.
 */
export function letGo(stream: Http2Stream): void {
  stream.removeAllListeners();
  // Nobody would hear of what else goes wrong, and it would end the process.
  stream.on('error', () => undefined);
}
