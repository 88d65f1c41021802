import { mkdirSync } from 'node:fs';
import { SandboxHelperEndedError, SandboxStartError } from '../errors.js';
import type { HelperReply } from '../link/replies.js';
import type { SandboxPolicy } from '../policy/policy.js';
import { RUNTIME_TEMP } from '../policy/secrets.js';
import type { Refusal } from '../refusal.js';
import type { SandboxOptions } from '../sandbox-options.js';
import { SANDBOX_ENTRIES } from './entries.js';
import { type Helper, tellRefusal } from './helper-calls.js';
import { HelperProcess } from './helper-process.js';
import { launch, type Launcher } from './launcher.js';
import { missingObeyed, runtimeFilesystem } from './runtime-filesystem.js';
import { shellQuoted } from './shell-quoted.js';
import { WallWatch } from './wall-watch.js';
import { WriteWatch } from './write-watch.js';

/** On a busy machine a start takes seconds. */
const START_TIMEOUT_MS = 60_000;

/**
 * Builds the wall and starts the process behind it. What was opened for it is closed when the start fails, and when the process ends.
 * @param onEnd called once, when a process that was started is gone
 * @throws SandboxStartError
 */
export async function startHelper(policy: SandboxPolicy, options: SandboxOptions, onEnd: () => void): Promise<Helper> {
  mkdirSync(options.emptyFolder, { recursive: true, mode: 0o700 });
  for (const folder of missingObeyed(policy)) mkdirSync(folder, { recursive: true });
  const start = new HelperStart(policy, options, onEnd);
  try {
    return await start.run();
  } catch (error) {
    start.close();
    throw error instanceof SandboxStartError ? error : new SandboxStartError(String(error));
  }
}

class HelperStart {
  readonly #policy: SandboxPolicy;
  readonly #options: SandboxOptions;
  readonly #onEnd: () => void;
  readonly #calls: Helper['calls'] = new Map();
  readonly #watch: WallWatch;
  readonly #ready = Promise.withResolvers<Helper>();
  readonly #timeoutMs: number;
  #launcher: Launcher | null = null;
  #writes: WriteWatch | null = null;
  #process: HelperProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** What the wall could not keep from happening. */
  #breach: string | null = null;

  constructor(policy: SandboxPolicy, options: SandboxOptions, onEnd: () => void) {
    this.#policy = policy;
    this.#options = options;
    this.#onEnd = onEnd;
    this.#timeoutMs = options.startTimeoutMs ?? START_TIMEOUT_MS;
    // From before the wall is built: nobody knows which of two files it hides when one takes the other's place meanwhile.
    this.#watch = new WallWatch(policy, (what) => {
      this.#breach = what;
      void this.#process?.kill(what);
    });
  }

  async run(): Promise<Helper> {
    const { cwd, env, temp } = this.#options;
    this.#launcher = await this.#launch();
    this.#writes = await WriteWatch.open(temp, this.#policy, (refusal) => this.#onRefusal(refusal));
    const process = new HelperProcess(
      this.#launcher.command,
      { cwd, env: { ...env, ...this.#writes?.env } },
      { onReply: (reply, body) => this.#onReply(process, reply, body), onEnd: (how) => this.#ended(how) },
    );
    this.#process = process;
    const late = `it was not ready within ${this.#timeoutMs / 1_000} s; the machine may be busy. Try again.`;
    this.#timer = setTimeout(() => void process.kill(late), this.#timeoutMs);
    return this.#ready.promise;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watch.close();
    this.#writes?.close();
    this.#launcher?.close();
  }

  #launch(): Promise<Launcher> {
    const { emptyFolder, env, entries = SANDBOX_ENTRIES } = this.#options;
    const { mode, allowedDomains } = this.#policy;
    return launch(
      {
        command: shellQuoted([process.execPath, '--no-warnings', entries.helper]),
        filesystem: runtimeFilesystem(this.#policy),
        hidden: [RUNTIME_TEMP],
        allowedDomains: mode === 'full' ? allowedDomains : null,
      },
      {
        entry: entries.launcher,
        folder: emptyFolder,
        env,
        timeoutMs: this.#timeoutMs,
        onRefused: (host, port) =>
          this.#onRefusal({ kind: 'connect', target: `${host}:${port}`, rule: 'allowedDomains' }),
      },
    );
  }

  #onReply(process: HelperProcess, reply: HelperReply, body: Buffer): void {
    if (reply.type === 'ready') this.#begin(process);
    else if (reply.type === 'output') this.#calls.get(reply.id)?.onOutput(body);
    else this.#calls.get(reply.id)?.settle(reply, body);
  }

  #begin(process: HelperProcess): void {
    clearTimeout(this.#timer);
    // Only a proxy is needed any longer.
    if (this.#policy.mode !== 'full') this.#launcher?.close();
    if (this.#breach !== null) void process.kill(this.#breach);
    else this.#ready.resolve({ process, calls: this.#calls, watch: this.#watch, isRetired: false });
  }

  #ended(how: string): void {
    this.#onEnd();
    this.close();
    this.#ready.reject(new SandboxStartError(how));
    for (const call of this.#calls.values()) call.fail(new SandboxHelperEndedError(how));
  }

  #onRefusal(refusal: Refusal): void {
    tellRefusal(this.#calls, refusal, this.#options.onRefusal);
  }
}
