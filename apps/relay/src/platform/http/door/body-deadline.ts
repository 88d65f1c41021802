import type { IncomingMessage } from 'node:http';

/** A body that is still not there then is not coming. */
const WHOLE_MS = 300_000;
/** What moves by less in an idle time stands still: one byte now and then would hold its place for good. */
const LEAST_BYTES = 16 * 1024;

interface Watched extends Pick<IncomingMessage, 'headers' | 'complete'> {
  readonly socket: { readonly bytesRead: number };
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** Ends a request whose body does not come: an upload that stands still, anything else that takes too long. The server itself sets no such limit, because of tunnels. */
export function boundBody(request: Watched, uploadIdleMs: number): void {
  const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': type = '' } = request.headers;
  if (length === undefined && encoding === undefined) return;
  const timer = type.startsWith('multipart/form-data')
    ? setInterval(endIdle(request), uploadIdleMs)
    : setTimeout(() => request.destroy(), WHOLE_MS);
  request.once('close', () => clearTimeout(timer));
}

function endIdle(request: Watched): () => void {
  let before = request.socket.bytesRead;
  return () => {
    const now = request.socket.bytesRead;
    if (!request.complete && now - before < LEAST_BYTES) request.destroy();
    before = now;
  };
}
