import { type ChildProcess, spawn } from 'node:child_process';
import { Compile } from 'typebox/compile';
import { innerShell } from '../link/inner-shell.js';
import { BrokenFrameError, encodeFrame, FrameReader } from '../link/frames.js';
import { HelperReply } from '../link/replies.js';
import type { HelperRequest } from '../link/requests.js';

const validator = Compile(HelperReply);
const MAX_ERROR_TEXT = 2_000;

export interface HelperListener {
  onReply: (reply: HelperReply, body: Buffer) => void;
  /** It is gone, in words; called once. */
  onEnd: (how: string) => void;
}

/** The process behind the wall, as seen from the worker. */
export class HelperProcess {
  /** Without its pipes where the system has no descriptors left for them: then its `error` says so. */
  readonly #child: ChildProcess;
  readonly #listener: HelperListener;
  readonly #ended = Promise.withResolvers<void>();
  #isOver = false;
  #errors = '';
  #fault: string | null = null;

  /** @param command a line of shell that becomes the helper: the wall's parent is then this process, with which it ends. */
  constructor(command: string, { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }, listener: HelperListener) {
    this.#listener = listener;
    this.#child = spawn('/bin/sh', ['-c', `exec ${command}`], {
      cwd,
      env: innerShell(env),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const reader = new FrameReader();
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#read(reader, chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-MAX_ERROR_TEXT);
    });
    this.#child.stdin?.on('error', () => undefined); // its end is what counts
    this.#child.once('error', (error) => this.#end(error.message));
    this.#child.once('close', (code, signal) => this.#end(signal === null ? `exit code ${code}` : `signal ${signal}`));
  }

  /** Whether it has been ended from here, or is about to be. */
  get isEnding(): boolean {
    return this.#fault !== null;
  }

  send(request: HelperRequest, body?: Uint8Array): void {
    this.#child.stdin?.write(encodeFrame(request, body));
  }

  /** Ends it and everything behind its wall; resolves when it has ended. @param why in words, where it is not known anyway */
  async kill(why: string | null = null): Promise<void> {
    this.#fault ??= why;
    this.#child.kill('SIGKILL');
    await this.#ended.promise;
  }

  #read(reader: FrameReader, chunk: Buffer): void {
    if (this.#fault !== null) return;
    try {
      for (const { header, body } of reader.push(chunk)) {
        if (!validator.Check(header)) throw new BrokenFrameError('a message is not in the catalog');
        this.#listener.onReply(header, body);
      }
    } catch (error) {
      if (!(error instanceof BrokenFrameError)) throw error;
      this.#fault = `it did not keep to its protocol: ${error.message}`;
      void this.kill();
    }
  }

  #end(how: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const said = this.#errors.trim();
    this.#ended.resolve();
    this.#listener.onEnd(this.#fault ?? (said === '' ? how : `${how}: ${said}`));
  }
}
