import type { Writable } from 'node:stream';
import { encodeFrame } from '../link/frames.js';
import type { HelperReply } from '../link/replies.js';

interface Flow {
  pause(): unknown;
  resume(): unknown;
}

/** The way to the worker. While it does not keep up, what feeds it is held, so that a flood of output waits in its own pipe. */
export class Output {
  readonly #stream: Writable;
  readonly #sources = new Set<Flow>();
  #isFull = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('drain', () => {
      this.#isFull = false;
      for (const source of this.#sources) source.resume();
    });
  }

  send(header: HelperReply, body?: Uint8Array): void {
    if (this.#stream.write(encodeFrame(header, body)) || this.#isFull) return;
    this.#isFull = true;
    for (const source of this.#sources) source.pause();
  }

  /** Whether the worker does not keep up: what is held has more to come, however quiet it is. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** @returns what lets the source go again */
  hold(source: Flow): () => void {
    this.#sources.add(source);
    if (this.#isFull) source.pause();
    return () => this.#sources.delete(source);
  }
}
