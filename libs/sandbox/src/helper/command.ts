import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { env as ownEnvironment } from 'node:process';
import { Readable } from 'node:stream';
import { TOO_LONG, TOO_LONG_ADVICE } from '../link/frames.js';
import { innerShell } from '../link/inner-shell.js';
import type { HelperReply } from '../link/replies.js';
import type { ExecOrder, RunOrder, ServeOrder } from '../link/requests.js';
import type { Output } from './output.js';

type Unaddressed<T> = T extends { id: number } ? Omit<T, 'id'> : never;
type Ending = Unaddressed<Extract<HelperReply, { type: 'exited' | 'failed' }>>;
type EndCause = Extract<Ending, { type: 'exited' }>['end'];
type Order = ExecOrder | RunOrder | ServeOrder;
type Child = ChildProcess & { stdout: Readable; stderr: Readable };

/** How long a quiet pipe is waited for that something in the background has inherited. */
const IDLE_PIPE_MS = 100;
const MAX_ERROR_TEXT = 20_000;

/** What to do where the system says no more than a code. */
const ADVICE: Record<string, string> = {
  [TOO_LONG]: TOO_LONG_ADVICE,
  EAGAIN: 'The machine has no process to spare (EAGAIN), so nothing was started. End some that run, or try again.',
  ENOMEM: 'The machine has no memory to spare (ENOMEM), so nothing was started. End something, or try again.',
  EMFILE: 'Too many files are open here (EMFILE), so nothing was started. End commands that still run, or try again.',
  ENFILE: 'Too many files are open on this machine (ENFILE), so nothing was started. End something, or try again.',
};

/** Where its output goes. */
type OutputWay = Pick<Output, 'hold' | 'isFull'>;

export interface RunningCommand {
  /** Kills it and what it started. */
  end(cause: Exclude<EndCause, 'exit'>): void;
  /** More of what it reads. */
  write(chunk: Buffer): void;
  /** How it ended. Never rejects. */
  ended: Promise<Ending>;
}

/**
 * Starts a line of shell or a program, in a process group of its own. Both streams of a shell are its output, a program's only the first.
 * @param input what a program reads; a line of shell reads nothing
 */
export function startCommand(
  order: Order,
  input: Uint8Array,
  onOutput: (chunk: Buffer) => void,
  output: OutputWay,
): RunningCommand {
  try {
    const child = start(order, input);
    return hasPipes(child) ? new StartedCommand(order, child, onOutput, output) : startedWithoutPipes(child);
  } catch (error) {
    return neverStarted(error);
  }
}

class StartedCommand implements RunningCommand {
  readonly ended: Promise<Ending>;
  readonly #order: Order;
  readonly #child: Child;
  readonly #onOutput: (chunk: Buffer) => void;
  #cause: EndCause = 'exit';
  #seen = 0;
  #errors = '';

  constructor(order: Order, child: Child, onOutput: (chunk: Buffer) => void, output: OutputWay) {
    this.#order = order;
    this.#child = child;
    this.#onOutput = onOutput;
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    child.stderr.on('data', (chunk: Buffer) => this.#takeError(chunk));
    this.ended = this.#untilItEnds(output);
  }

  end(cause: Exclude<EndCause, 'exit'>): void {
    if (this.#cause !== 'exit') return;
    this.#cause = cause;
    kill(this.#child);
  }

  write(chunk: Buffer): void {
    this.#child.stdin?.write(chunk);
  }

  #take(chunk: Buffer): void {
    this.#seen += chunk.length;
    if (this.#order.op === 'run' && this.#seen > this.#order.limit) this.end('limit');
    else this.#onOutput(chunk);
  }

  #takeError(chunk: Buffer): void {
    if (this.#order.op === 'exec') this.#onOutput(chunk);
    else this.#errors = shortened(this.#errors + chunk.toString());
  }

  async #untilItEnds(output: OutputWay): Promise<Ending> {
    const timeoutMs = timeoutOf(this.#order);
    const timer = timeoutMs === null ? undefined : setTimeout(() => this.end('timeout'), timeoutMs);
    const letGo = [this.#child.stdout, this.#child.stderr].map((stream) => output.hold(stream));
    try {
      const { code, signal } = await waitFor(this.#child, output);
      const errors = this.#errors && { errors: this.#errors };
      return { type: 'exited', code, signal, end: this.#cause, ...errors };
    } catch (error) {
      return failed(error);
    } finally {
      clearTimeout(timer);
      for (const release of letGo) release();
    }
  }
}

/** What Node refuses at once, such as arguments that are too long or hold a zero byte: thrown, it would end every other command as well. */
function neverStarted(error: unknown): RunningCommand {
  return { end: () => undefined, write: () => undefined, ended: Promise.resolve(failed(error)) };
}

/** What Node gives where the system has no descriptors left for pipes: a process that was never started, and tells so a moment later. */
function startedWithoutPipes(child: ChildProcess): RunningCommand {
  const ended = once(child, 'error').then(([error]: unknown[]) => failed(error));
  return { end: () => undefined, write: () => undefined, ended };
}

function hasPipes(child: ChildProcess): child is Child {
  return child.stdout instanceof Readable && child.stderr instanceof Readable;
}

function failed(error: unknown): Ending {
  const code = codeOf(error);
  return { type: 'failed', code, message: ADVICE[code] ?? String(error) };
}

/** @throws what the system or Node says of the order itself; what it says later is the child's `error` event */
function start(order: Order, input: Uint8Array): ChildProcess {
  const options = { cwd: order.cwd, env: innerShell({ ...ownEnvironment, ...order.env }), detached: true };
  const { args } = order;
  if (order.op === 'exec') return spawn(order.shell, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const child: ChildProcess = spawn(order.program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  // It need not read what it is given.
  child.stdin?.on('error', () => undefined);
  if (order.op === 'run') child.stdin?.end(input);
  return child;
}

/** The beginning says what is wrong, the end what came of it. */
function shortened(text: string): string {
  if (text.length <= MAX_ERROR_TEXT) return text;
  return `${text.slice(0, MAX_ERROR_TEXT / 2)}${text.slice(-MAX_ERROR_TEXT / 2)}`;
}

function timeoutOf(order: Order): number | null {
  return order.op === 'serve' ? null : (order.timeoutMs ?? null);
}

function kill(child: Child): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

interface Exit {
  code: number | null;
  signal: number | null;
}

/**
 * Resolves when the process has ended and its pipes are at their end or idle: something in the background may hold them open for as
 * long as it lives.
 */
function waitFor(child: Child, output: OutputWay): Promise<Exit> {
  return new Promise((resolve, reject) => {
    let exit: Exit | null = null;
    let idle: NodeJS.Timeout | undefined;
    /** This process may have been late, not the pipe quiet: what has come meanwhile is read before this. */
    let read: NodeJS.Immediate | undefined;
    const finish = (): void => {
      clearTimeout(idle);
      clearImmediate(read);
      child.stdout.destroy();
      child.stderr.destroy();
      if (exit) resolve(exit);
    };
    // A pipe that is held is quiet because the worker is slow.
    const onQuiet = (): void => (output.isFull ? waitOn() : finish());
    const waitOn = (): void => {
      clearTimeout(idle);
      clearImmediate(read);
      if (exit) idle = setTimeout(() => (read = setImmediate(onQuiet)), IDLE_PIPE_MS);
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', waitOn);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      exit = { code, signal: signal === null ? null : constants.signals[signal] };
      waitOn();
    });
    child.once('close', finish);
  });
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}
