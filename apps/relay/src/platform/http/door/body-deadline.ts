import type { IncomingMessage } from 'node:http';
import { ProblemCode } from '@pizzapi/protocol';
import type { Problem } from '../problem.js';

/** A body that is still not there then is not coming. */
const WHOLE_MS = 300_000;
/** What moves by less in an idle time stands still: one byte now and then would hold its place for good. */
const LEAST_BYTES = 16 * 1024;

interface Watched extends Pick<IncomingMessage, 'headers' | 'complete'> {
  readonly socket: { readonly bytesRead: number };
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Gives up a request whose body does not come: an upload that stands still, anything else that takes too long. The server itself sets no such
 * limit, because of tunnels.
 * @param giveUp answers with what is wrong, and ends the connection
 */
export function boundBody(request: Watched, uploadIdleMs: number, giveUp: (problem: Problem) => void): void {
  const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': type = '' } = request.headers;
  if (length === undefined && encoding === undefined) return;
  const timer = type.startsWith('multipart/form-data')
    ? setInterval(
        whenIdle(request, () => giveUp(stalled(uploadIdleMs))),
        uploadIdleMs,
      )
    : setTimeout(() => !request.complete && giveUp(late()), WHOLE_MS);
  request.once('close', () => clearTimeout(timer));
}

function whenIdle(request: Watched, giveUp: () => void): () => void {
  let before = request.socket.bytesRead;
  return () => {
    const now = request.socket.bytesRead;
    if (!request.complete && now - before < LEAST_BYTES) giveUp();
    before = now;
  };
}

function stalled(idleMs: number): Problem {
  return {
    status: 408,
    code: ProblemCode.uploadStalled,
    detail: `The upload got no further for ${idleMs / 1_000} seconds (PIZZAPI_UPLOAD_IDLE_SECONDS), so it was given up. Check the connection, and upload the file again.`,
  };
}

function late(): Problem {
  return {
    status: 408,
    code: ProblemCode.bodyLate,
    detail: `The request was not there whole within ${WHOLE_MS / 60_000} minutes, so it was given up. Check the connection, and send it again.`,
  };
}
