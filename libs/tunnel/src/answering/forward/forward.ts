import { type ClientHttp2Stream, constants, type ServerHttp2Stream } from 'node:http2';
import type { AskingEnd } from '../../asking/asking-end.js';
import { cancel } from '../../flow/cancel.js';
import { pour } from '../../flow/pour.js';
import { flat } from '../../http/header-list.js';
import { sayContinue } from '../../http/say-continue.js';
import { sendTrailers } from '../../http/trailers.js';
import { TunnelError } from '../../tunnel-error.js';
import { answerError } from '../answer-error.js';
import type { StreamHandler } from '../answering-end.js';
import { isWebSocket } from '../incoming-stream.js';

export interface ForwardOptions {
  /** The runner's connection on this machine; null: it has none here. */
  connectionOf: (runnerId: string) => AskingEnd | null;
}

/** Hands each stream on to the runner that it names, as it is: the hop between two replicas. */
export function forward({ connectionOf }: ForwardOptions): StreamHandler {
  return (incoming) => {
    const { stream, headers, address } = incoming;
    const runner = connectionOf(address.runnerId);
    if (!runner) throw new TunnelError('offline', 'The runner is not connected here.');
    const hasBody = !stream.endAfterHeaders;
    const hasTrailers = !isWebSocket(incoming);
    const onward = runner.open(flat(headers), { endStream: !hasBody, waitForTrailers: hasBody && hasTrailers });
    onward.on('error', () => undefined);
    onward.once('close', () => {
      // The runner has not seen it; whoever asked may send it another way.
      if (!stream.headersSent && runner.hasNotSeen(onward)) return cancel(stream, constants.NGHTTP2_REFUSED_STREAM);
      // Trailers may still be on their way. Who closes a WebSocket has none, and waits for nobody.
      if (onward.rstCode !== constants.NGHTTP2_NO_ERROR || !hasTrailers) cancel(stream, onward.rstCode);
    });
    stream.once('close', () => cancel(onward, stream.rstCode));
    joinRequest(stream, onward);
    joinAnswer(onward, stream, hasTrailers);
  };
}

function joinRequest(asked: ServerHttp2Stream, onward: ClientHttp2Stream): void {
  if (onward.writableEnded) return;
  let trailers: string[] = [];
  asked.once('trailers', (_headers, _flags, raw: string[]) => (trailers = raw));
  onward.once('wantTrailers', () => sendTrailers(onward, trailers));
  asked.once('end', () => {
    if (asked.rstCode === constants.NGHTTP2_NO_ERROR) onward.end();
  });
  pour(asked, onward);
}

function joinAnswer(onward: ClientHttp2Stream, asked: ServerHttp2Stream, waitForTrailers: boolean): void {
  let trailers: string[] = [];
  onward.once('continue', () => sayContinue(asked));
  onward.once('trailers', (_headers, _flags, raw: string[]) => (trailers = raw));
  asked.once('wantTrailers', () => sendTrailers(asked, trailers));
  onward.once('response', (_headers, _flags, raw: string[]) => {
    if (asked.destroyed) return;
    try {
      asked.respond(raw, { waitForTrailers });
    } catch (error) {
      answerError(asked, error);
      return cancel(onward);
    }
    onward.once('end', () => {
      if (onward.rstCode === constants.NGHTTP2_NO_ERROR) asked.end();
    });
    // Not before: a stream that is written to answers 200 by itself.
    pour(onward, asked);
  });
}
