import { type ClientHttp2Stream, constants, type ServerHttp2Stream } from 'node:http2';
import type { AskingEnd } from '../../asking/asking-end.js';
import { pour } from '../../flow/pour.js';
import { flat, grouped, headerList } from '../../http/header-list.js';
import { TunnelError } from '../../tunnel-error.js';
import { answerError } from '../answer-error.js';
import type { StreamHandler } from '../answering-end.js';

export interface ForwardOptions {
  /** The runner's connection on this machine; null: it has none here. */
  connectionOf: (runnerId: string) => AskingEnd | null;
}

/** Hands each stream on to the runner that it names, as it is: the hop between two replicas. */
export function forward({ connectionOf }: ForwardOptions): StreamHandler {
  return ({ stream, headers, address }) => {
    const runner = connectionOf(address.runnerId);
    if (!runner) throw new TunnelError('offline', 'The runner is not connected here.');
    const hasBody = !stream.endAfterHeaders;
    join(stream, runner.open(flat(headers), { endStream: !hasBody, waitForTrailers: hasBody }));
  };
}

function join(asked: ServerHttp2Stream, onward: ClientHttp2Stream): void {
  onward.on('error', () => undefined);
  onward.once('close', () => closeWith(asked, onward.rstCode));
  asked.once('close', () => closeWith(onward, asked.rstCode));
  joinRequest(asked, onward);
  joinAnswer(onward, asked);
}

function joinRequest(asked: ServerHttp2Stream, onward: ClientHttp2Stream): void {
  if (onward.writableEnded) return;
  let trailers: string[] = [];
  asked.once('trailers', (_headers, _flags, raw: string[]) => (trailers = raw));
  onward.once('wantTrailers', () => onward.sendTrailers(grouped(headerList(trailers))));
  asked.once('end', () => {
    if (asked.rstCode === constants.NGHTTP2_NO_ERROR) onward.end();
  });
  pour(asked, onward);
}

function joinAnswer(onward: ClientHttp2Stream, asked: ServerHttp2Stream): void {
  let trailers: string[] = [];
  onward.on('continue', () => asked.additionalHeaders({ ':status': 100 }));
  onward.once('response', (_headers, _flags, raw) => {
    if (asked.destroyed) return;
    try {
      asked.respond(flat(headerList(raw)), { waitForTrailers: true });
      // Not before: the first bytes may come before the event that tells of the head, and would make Node answer with a head of its own.
      pour(onward, asked);
    } catch (error) {
      answerError(asked, error);
      onward.close(constants.NGHTTP2_CANCEL);
    }
  });
  onward.once('trailers', (_headers, _flags, raw: string[]) => (trailers = raw));
  asked.once('wantTrailers', () => asked.sendTrailers(grouped(headerList(trailers))));
  onward.once('end', () => {
    if (onward.rstCode === constants.NGHTTP2_NO_ERROR) asked.end();
  });
}

/** One half broke: the other does, too. In good order each half closes by itself. */
function closeWith(stream: ServerHttp2Stream | ClientHttp2Stream, code: number): void {
  if (code !== constants.NGHTTP2_NO_ERROR && !stream.closed) stream.close(code);
}
