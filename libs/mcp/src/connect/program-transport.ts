import { type JSONRPCMessage, ReadBuffer, serializeMessage, type Transport } from '@modelcontextprotocol/client';
import { MAX_MESSAGE_BYTES, TOO_LARGE } from './message-bound.js';
import type { Program, ProgramOrder, StartProgram } from './program.js';

/** JSON lines with a program, wherever it runs. A line that is no message is reported and skipped, because programs print greetings. */
export class ProgramTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage) => void) | undefined;
  /** Why it is gone, once it is. */
  endedBy: string | null = null;
  readonly #start: StartProgram;
  readonly #order: ProgramOrder;
  readonly #buffer = new ReadBuffer({ maxBufferSize: MAX_MESSAGE_BYTES });
  #program: Program | null = null;
  #isClosed = false;

  constructor(start: StartProgram, order: ProgramOrder) {
    this.#start = start;
    this.#order = order;
  }

  async start(): Promise<void> {
    const program = await this.#start(this.#order, (chunk) => this.#read(chunk));
    this.#program = program;
    void program.ended.then((how) => {
      this.endedBy ??= how;
      this.#closed();
    });
    if (this.#isClosed) program.kill();
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (this.#isClosed || !this.#program)
      return Promise.reject(new Error(this.endedBy ?? 'The server is not running.'));
    this.#program.write(serializeMessage(message));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#program?.kill();
    this.#closed();
    return Promise.resolve();
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#buffer.clear();
    this.onclose?.();
  }

  #read(chunk: Buffer): void {
    if (this.#isClosed) return;
    try {
      this.#buffer.append(chunk);
    } catch (error) {
      this.endedBy = TOO_LARGE;
      this.onerror?.(asError(error));
      void this.close();
      return;
    }
    for (;;) {
      try {
        const message = this.#buffer.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      } catch (error) {
        this.onerror?.(asError(error));
      }
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
