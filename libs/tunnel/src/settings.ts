import { constants, type ServerSessionOptions, type Settings } from 'node:http2';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Frames of HTTP/2 are at most so long. */
export const MAX_FRAME_BYTES = 64 * KIB;

/** Streams that may be open at once on a connection, unless an end is told another number; the lower one of the two counts. */
export const DEFAULT_MAX_STREAMS = 4096;

/** What one stream may have on its way, unread, while there are few streams; `WindowBudget` divides it among many. */
export const STREAM_WINDOW_BYTES = MIB;
/** The least, and what each has while several streams share a connection whose other end is near. */
export const MIN_STREAM_WINDOW_BYTES = 64 * KIB;

/**
 * Node gives a connection's window back at once, read or not, so this bounds nothing; it is only large enough never to be in the way.
 */
export const SESSION_WINDOW_BYTES = 64 * MIB;

/** The header lines of one message, and the most bytes they may take. nghttp2 takes no more than nine frames of 16 KiB. */
export const MAX_HEADER_LINES = 1_000;
export const MAX_HEADER_BYTES = 128 * KIB;

export const localSettings: Settings = {
  initialWindowSize: STREAM_WINDOW_BYTES,
  maxFrameSize: MAX_FRAME_BYTES,
  maxHeaderListSize: 2 * MAX_HEADER_BYTES,
};

/** A setting of our own, out of those that RFC 9113 leaves free: the asking end wishes that the other one dials again. */
const SUCCESSOR_WISH = 0xf0a1;

export const successorWish: Settings = { customSettings: { [SUCCESSOR_WISH]: 1 } };

export function wishesSuccessor({ customSettings }: Settings): boolean {
  return customSettings?.[SUCCESSOR_WISH] === 1;
}

/** Of both ends. */
export const sessionOptions: ServerSessionOptions = {
  // Memory of cancelled and stalled streams is not given back to this count, and a session that reached it refuses every stream.
  // What bounds memory is streams times window.
  maxSessionMemory: 1_000_000,
  // A browser that leaves a page cancels its requests; to Node a thousand of them look like an attack. This peer is ours.
  streamResetBurst: 1_000_000,
  streamResetRate: 1_000_000,
  // Pseudo-headers and the tunnel's own come on top.
  maxHeaderListPairs: MAX_HEADER_LINES + 24,
  maxSendHeaderBlockLength: 2 * MAX_HEADER_BYTES,
  // A service may repeat a header that must not be repeated; that is between it and its client.
  strictSingleValueFields: false,
  paddingStrategy: constants.PADDING_STRATEGY_NONE,
  remoteCustomSettings: [SUCCESSOR_WISH],
};
