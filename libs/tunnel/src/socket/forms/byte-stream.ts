import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { inMessages } from './messages.js';

const HIGH_WATER_MARK = 256 * 1024;
/** Of a connection whose HTTP/2 was closed in good order, which it is when no stream is left. */
export const NORMAL_CLOSE = 1000;

type Done = (error?: Error | null) => void;

/**
 * The binary messages of a WebSocket as one stream of bytes, for HTTP/2 to run on.
 *
 * Faster than `createWebSocketStream` of `ws`: what HTTP/2 hands over in one go leaves in one write of the system, and small frames share
 * messages. It waits for the system to take one batch before it asks for the next, so that what is small never queues behind much of
 * what is large.
 */
export class ByteStream extends Duplex {
  /**
   * @param carrier the connection beneath, on which the messages of one batch are held together
   */
  constructor(
    private readonly socket: WebSocket,
    private readonly carrier: Duplex,
  ) {
    super({ readableHighWaterMark: HIGH_WATER_MARK, writableHighWaterMark: HIGH_WATER_MARK, decodeStrings: true });
    socket.on('message', (data, isBinary) => {
      if (!isBinary || !Buffer.isBuffer(data)) return;
      if (!this.push(data)) socket.pause();
    });
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    if (this.socket.isPaused) this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.send([chunk], done);
  }

  override _writev(entries: { chunk: Buffer }[], done: Done): void {
    this.send(
      entries.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: Done): void {
    this.socket.close(NORMAL_CLOSE);
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.socket.terminate();
    done(error);
  }

  private send(chunks: readonly Buffer[], done: Done): void {
    // The end has been announced, by whichever side: `close` follows, and what is written until then goes nowhere.
    if (this.socket.readyState !== WebSocket.OPEN) return done();
    const messages = [...inMessages(chunks)];
    const last = messages.length - 1;
    this.carrier.cork();
    messages.forEach((message, at) => this.socket.send(message, at === last ? done : undefined));
    this.carrier.uncork();
  }
}
