/** Node takes 64 KiB at once into a stream, which at one batch for each turn of the event loop is too little to keep a connection busy. */
const AHEAD_BYTES = 256 * 1024;
const STREAMS_AHEAD = 64;

/**
 * Bytes of a request that may wait for the connection, by the number of streams that are open when it begins: never are there more than
 * `STREAMS_AHEAD` that began so, hence all together hold 16 MiB.
 */
export function uploadAhead(openStreams: number): number {
  return openStreams <= STREAMS_AHEAD ? AHEAD_BYTES : 0;
}
