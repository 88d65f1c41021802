/** One message: a JSON header, and bytes that go with it. */
export interface Frame {
  header: unknown;
  body: Buffer;
}

/** Both lengths, four bytes each, big-endian. */
const PREFIX_BYTES = 8;
const MAX_HEADER_BYTES = 1024 * 1024;
/** Of a file that is read or written, and of a list of files. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

const EMPTY = Buffer.alloc(0);

/** The system's code for a command that is too long. */
export const TOO_LONG = 'E2BIG';
export const TOO_LONG_ADVICE =
  'This is too long to be run or sent at once. Write it into a file in several parts, and run or read that.';

/** This side was given more than a frame holds. Sent, it would make the other side give up the connection and all that runs on it. */
export class FrameTooLongError extends Error {
  override readonly name = 'FrameTooLongError';
  readonly code = TOO_LONG;

  constructor() {
    super(TOO_LONG_ADVICE);
  }
}

/** @throws FrameTooLongError */
export function encodeFrame(header: object, body: Uint8Array = EMPTY): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  if (json.length > MAX_HEADER_BYTES || body.length > MAX_BODY_BYTES) throw new FrameTooLongError();
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(json.length, 0);
  prefix.writeUInt32BE(body.length, 4);
  return Buffer.concat([prefix, json, body]);
}

/** What came is no frame: the other side is broken, or is not the one that it should be. */
export class BrokenFrameError extends Error {
  override readonly name = 'BrokenFrameError';
}

/** Puts frames together from a stream's chunks. Holds at most one frame. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #length = 0;

  /** @throws BrokenFrameError when a frame is too long or its header no JSON */
  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length >= PREFIX_BYTES) {
      const prefix = this.#peek(PREFIX_BYTES);
      const headerBytes = prefix.readUInt32BE(0);
      const bodyBytes = prefix.readUInt32BE(4);
      if (headerBytes > MAX_HEADER_BYTES || bodyBytes > MAX_BODY_BYTES)
        throw new BrokenFrameError('a frame is too long');
      if (this.#length < PREFIX_BYTES + headerBytes + bodyBytes) return;
      const whole = this.#take(PREFIX_BYTES + headerBytes + bodyBytes).subarray(PREFIX_BYTES);
      yield { header: parsed(whole.toString('utf8', 0, headerBytes)), body: whole.subarray(headerBytes) };
    }
  }

  #peek(bytes: number): Buffer {
    const [first] = this.#chunks;
    return first && first.length >= bytes ? first : this.#joined();
  }

  #take(bytes: number): Buffer {
    const all = this.#joined();
    this.#chunks = all.length > bytes ? [all.subarray(bytes)] : [];
    this.#length -= bytes;
    return all.subarray(0, bytes);
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    const all = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new BrokenFrameError('a header is no JSON');
  }
}
