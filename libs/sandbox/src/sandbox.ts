import { SandboxHelperEndedError, SandboxStartError } from './errors.js';
import {
  type Answer,
  awaitAnswer,
  CHANGED,
  type CommandEnd,
  type CommandListener,
  endOf,
  type Helper,
} from './launch/helper-calls.js';
import { startHelper } from './launch/start-helper.js';
import type { ExecOrder, HelperOrder, RunOrder, ServeOrder } from './link/requests.js';
import { realPath, type SandboxPolicy } from './policy/policy.js';
import type { SandboxOptions } from './sandbox-options.js';

/** A program behind the wall that is spoken with. */
export interface ServedProgram {
  /** How it ended. Rejects with what a command's call would throw. */
  ended: Promise<CommandEnd>;
  /** More of what it reads. After its end this does nothing. */
  write(chunk: Uint8Array): void;
}

/**
 * A session's sandbox: one process behind a wall that the operating system keeps, in which the session's tools run. It is started with
 * the first call, and anew after it has ended; {@link close} ends it with everything that runs in it, as does this process's own end.
 */
export class Sandbox {
  readonly #options: SandboxOptions;
  #policy: SandboxPolicy;
  #helper: Promise<Helper> | null = null;
  readonly #retired = new Set<Helper>();
  /** Of the policy. A process that was started under an older version is no longer the current one. */
  #version = 0;
  #lastId = 0;
  #isClosed = false;

  constructor(options: SandboxOptions) {
    this.#policy = options.policy;
    this.#options = options;
  }

  get policy(): SandboxPolicy {
    return this.#policy;
  }

  /**
   * Replaces the policy: the next call starts a new process. Calls that run end behind the wall that they have, unless `isAtOnce`: then their
   * process is ended, with all that is left running in it.
   */
  change(policy: SandboxPolicy, { isAtOnce = false }: { isAtOnce?: boolean } = {}): void {
    this.#policy = policy;
    this.#version += 1;
    const before = this.#helper;
    this.#helper = null;
    const retire = (helper: Helper): void => {
      helper.isRetired = true;
      this.#retired.add(helper);
      // A call that has just been given this process is not yet among its calls.
      setImmediate(() => {
        if (isAtOnce || helper.calls.size === 0) void helper.process.kill(CHANGED);
      });
    };
    before?.then(retire, () => undefined); // whoever started it was told
  }

  /** From the next call on this folder stays as it is, also where all around it can be written. */
  keep(folder: string): void {
    const path = realPath(folder);
    if (!this.#policy.fixed.includes(path)) this.change({ ...this.#policy, fixed: [...this.#policy.fixed, path] });
  }

  /** Starts the process, unless it runs. @throws SandboxStartError */
  async start(): Promise<void> {
    await this.#running();
  }

  /**
   * Runs a line of shell.
   * @throws SandboxStartError, SandboxHelperEndedError, SandboxFileError when the shell or the folder is missing
   */
  exec(order: Omit<ExecOrder, 'op'>, listener: CommandListener): Promise<CommandEnd> {
    return this.#command({ op: 'exec', ...order }, listener);
  }

  /** Runs a program, which reads the input. @throws as {@link exec} */
  run(order: Omit<RunOrder, 'op'>, listener: CommandListener, input?: Uint8Array): Promise<CommandEnd> {
    return this.#command({ op: 'run', ...order }, listener, input);
  }

  /**
   * Starts a program that runs until it ends or the signal is aborted, with everything that it started.
   * @throws SandboxStartError
   */
  async serve(order: Omit<ServeOrder, 'op'>, listener: CommandListener): Promise<ServedProgram> {
    const helper = await this.#running();
    const id = (this.#lastId += 1);
    const answer = awaitAnswer(helper, { id, op: 'serve', ...order }, undefined, listener);
    return {
      ended: answer.then(({ reply }) => endOf(reply)),
      write: (chunk) => helper.process.send({ id, op: 'input' }, chunk),
    };
  }

  /** @throws SandboxFileError, SandboxStartError, SandboxHelperEndedError; as every call about a file */
  async readFile(path: string, limit: number | null = null): Promise<Buffer> {
    return (await this.#ask({ op: 'read-file', path, limit })).body;
  }

  async writeFile(path: string, content: Uint8Array): Promise<void> {
    await this.#ask({ op: 'write-file', path }, content);
  }

  async makeFolder(path: string): Promise<void> {
    await this.#ask({ op: 'make-folder', path });
  }

  async access(path: string, want: 'read' | 'write' | 'exist'): Promise<void> {
    await this.#ask({ op: 'access', path, want });
  }

  async isDirectory(path: string): Promise<boolean> {
    const { reply } = await this.#ask({ op: 'stat', path });
    return reply.type === 'done' && reply.isDirectory === true;
  }

  async listFolder(path: string): Promise<string[]> {
    const names: unknown = JSON.parse((await this.#ask({ op: 'list-folder', path })).body.toString());
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
    throw new SandboxHelperEndedError('it answered with something else than names');
  }

  /** Ends the process and everything in it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const helper = await this.#helper?.catch(() => null);
    const all = [...(helper ? [helper] : []), ...this.#retired];
    await Promise.all(all.map(({ process }) => process.kill()));
  }

  async #command(order: ExecOrder | RunOrder, listener: CommandListener, input?: Uint8Array): Promise<CommandEnd> {
    listener.signal?.throwIfAborted();
    return endOf((await this.#ask(order, input, listener)).reply);
  }

  async #ask(
    order: HelperOrder,
    body?: Uint8Array,
    listener: CommandListener = { onOutput: () => undefined },
  ): Promise<Answer> {
    const helper = await this.#running();
    return awaitAnswer(helper, { id: (this.#lastId += 1), ...order }, body, listener);
  }

  async #running(): Promise<Helper> {
    const helper = await this.#started();
    helper.watch.check();
    if (helper.isRetired) return this.#started();
    if (!helper.process.isEnding) return helper;
    await helper.process.kill();
    return this.#started();
  }

  #started(): Promise<Helper> {
    if (this.#isClosed) throw new SandboxStartError('the session is closing.');
    const version = this.#version;
    this.#helper ??= this.#start().catch((error: unknown) => {
      if (version === this.#version) this.#helper = null;
      throw error;
    });
    return this.#helper;
  }

  async #start(): Promise<Helper> {
    const version = this.#version;
    let own: Helper | null = null;
    own = await startHelper(this.#policy, this.#options, () => {
      if (own) this.#retired.delete(own);
      if (version === this.#version) this.#helper = null;
    });
    return own;
  }
}
