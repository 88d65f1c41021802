import { MAX_MESSAGE_BYTES, TOO_LARGE } from './message-bound.js';

/** What ends an event of a stream: an empty line. */
const EVENT_END = /\r\n\r\n|\n\n|\r\r/g;

/** `fetch`, whose bodies break off where a message is larger than a server may send: a stream of events has one message in each. */
export async function boundedFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const { body, status, statusText, headers } = response;
  // A redirect is judged by the caller, by what only the original knows.
  if (!body || (status >= 300 && status < 400)) return response;
  const isStream = headers.get('content-type')?.includes('text/event-stream') === true;
  return new Response(body.pipeThrough(bound(isStream)), { status, statusText, headers });
}

function bound(isStream: boolean): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  let end = '';
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (isStream) {
        const text = end + Buffer.from(chunk).toString('latin1');
        const last = [...text.matchAll(EVENT_END)].at(-1);
        if (last) bytes = text.length - last.index - last[0].length;
        end = text.slice(-3);
      }
      if (bytes > MAX_MESSAGE_BYTES) controller.error(new Error(TOO_LARGE));
      else controller.enqueue(chunk);
    },
  });
}
