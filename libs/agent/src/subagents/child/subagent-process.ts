import { type ChildProcess, spawn } from 'node:child_process';
import { env } from 'node:process';
import type { ModelRef } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { SubagentDiedError } from '../subagent-error.js';
import { ChildEventReader, type ChildEvent } from './child-events.js';
import { type AnswerMessage, type BeginMessage, ChildMessage } from './child-messages.js';
import { oneLine } from './call-object.js';
import { endMarkedProcesses, kill, SUBAGENT_MARK } from './marked-processes.js';
import { extensionFile, piProgram } from './pi-program.js';

export interface SubagentProcessOptions {
  /** Where it works. */
  cwd: string;
  /** What it is to do, in words. */
  task: string;
  /** By that what it started is found; no other process has it. */
  mark: string;
  begin: Omit<BeginMessage, 'type'>;
  model: ModelRef;
  thinkingLevel: string | undefined;
  /** The names of all tools that it has. */
  tools: readonly string[];
  /** The extensions of the session, in its order: providers and tools come from them. */
  extensions: readonly string[];
  /** Whether pi's settings and skills of the folder hold there. */
  isProjectTrusted: boolean;
  /** Where Node keeps what it compiled of pi. Nobody else may write there: what lies in it runs. */
  compileCacheDir: string | undefined;
  onEvent: (event: ChildEvent) => void;
  onMessage: (message: ChildMessage) => void;
}

const messages = Compile(ChildMessage);
/** After SIGTERM pi ends its tools' processes and itself. */
const GRACE_MS = 1_500;
const KEPT_ERROR_BYTES = 8 * 1024;

/**
 * One run of `pi --mode json --no-session`, a process with a group of its own. What it says is passed on; when it ends, nothing that it started
 * is left.
 */
export class SubagentProcess {
  readonly #child: ChildProcess;
  readonly #mark: string;
  readonly #exited: Promise<void>;
  #lastWords = '';
  #failure: Error | null = null;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(options: SubagentProcessOptions) {
    const { cwd, task, begin, mark, onEvent, onMessage } = options;
    this.#mark = mark;
    this.#child = spawn(process.execPath, [piProgram(), ...argumentsOf(options)], {
      cwd,
      env: environment(this.#mark, options.compileCacheDir),
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    const reader = new ChildEventReader(onEvent);
    this.#child.stdout?.on('data', (chunk: Buffer) => reader.add(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#keepLastWords(chunk));
    this.#child.on('message', (message) => {
      if (messages.Check(message)) onMessage(message);
    });
    this.#exited = this.#untilExit();
    this.#send({ type: 'begin', ...begin });
    // Not as an argument: every user of the machine reads those. One that dies before it reads is seen by its exit.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdin?.end(task);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Resolves when it has ended by itself and nothing of it is left.
   * @throws SubagentDiedError
   */
  async ended(): Promise<void> {
    await this.#exited;
    if (this.#failure) throw this.#failure;
  }

  answer(message: Omit<AnswerMessage, 'type'>): void {
    this.#send({ type: 'answer', ...message });
  }

  /** Ends it and all that it started. Resolves when nothing is left. */
  async end(): Promise<void> {
    const { pid } = this.#child;
    if (pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      kill(pid, 'SIGTERM');
      this.#killTimer ??= setTimeout(() => kill(-pid), GRACE_MS);
    }
    await this.#exited;
  }

  #send(message: object): void {
    // What it can no longer read it needs no more: its exit tells the rest.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #untilExit(): Promise<void> {
    return new Promise((resolve) => {
      let isOver = false;
      const end = (failure: Error | null): void => {
        if (isOver) return;
        isOver = true;
        clearTimeout(this.#killTimer);
        this.#failure = failure;
        const { pid } = this.#child;
        if (pid !== undefined) kill(-pid);
        endMarkedProcesses(this.#mark);
        resolve();
      };
      this.#child.on('error', (error) => end(new SubagentDiedError(`it could not be started (${error.message})`, '')));
      // Something that it started may hold its output open: from its exit on nothing more is waited for.
      this.#child.on('exit', () => {
        const { pid } = this.#child;
        if (pid !== undefined) kill(-pid);
        endMarkedProcesses(this.#mark);
      });
      this.#child.on('close', (code, signal) => end(this.#failureOf(code, signal)));
    });
  }

  #failureOf(code: number | null, signal: NodeJS.Signals | null): Error | null {
    if (code === 0) return null;
    const how = signal === null ? `exit code ${code}` : `it was killed by ${signal}`;
    return new SubagentDiedError(how, this.#lastWords);
  }

  #keepLastWords(chunk: Buffer): void {
    this.#lastWords = oneLine(`${this.#lastWords} ${chunk.toString('utf8')}`.slice(-KEPT_ERROR_BYTES), 1_000);
  }
}

function argumentsOf(options: SubagentProcessOptions): string[] {
  const { model, thinkingLevel, tools, extensions, isProjectTrusted } = options;
  return [
    ...['--mode', 'json', '--no-session', '--no-prompt-templates', '--no-themes'],
    ...['--provider', model.provider, '--model', model.id],
    ...(thinkingLevel === undefined ? [] : ['--thinking', thinkingLevel]),
    ...(tools.length === 0 ? ['--no-tools'] : ['--tools', tools.join(',')]),
    isProjectTrusted ? '--approve' : '--no-approve',
    // It would read them outside of the sandbox; they are among its instructions.
    '--no-context-files',
    // pi would load ours first; it has to be the last, because those before it may change a call's arguments.
    '--no-extensions',
    ...[...extensions, extensionFile()].flatMap((path) => ['--extension', path]),
  ];
}

/** The worker's own, from which secrets of ours are gone. */
function environment(mark: string, compileCacheDir: string | undefined): NodeJS.ProcessEnv {
  return {
    ...env,
    [SUBAGENT_MARK]: mark,
    // Where agents' tools may write, code that is taken from a cache could be anybody's.
    JITI_FS_CACHE: 'false',
    ...(compileCacheDir === undefined ? { NODE_DISABLE_COMPILE_CACHE: '1' } : { NODE_COMPILE_CACHE: compileCacheDir }),
  };
}
