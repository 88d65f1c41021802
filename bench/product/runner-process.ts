import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { forget, remember, residentBytes, signal } from '../processes/process-registry.js';
import { built } from './paths.js';

export const RUNNER_NAME = 'bench';
const workerState = Compile(Type.Object({ process: Type.Object({ pid: Type.Integer() }) }));

/** The built runner: supervisor, daemon and workers. */
export class RunnerProcess implements AsyncDisposable {
  readonly name = RUNNER_NAME;
  private readonly workerPids = new Set<number>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly pid: number,
    private readonly home: string,
  ) {}

  static async start(home: string, relayUrl: string, apiKey: string): Promise<RunnerProcess> {
    const roots = join(home, 'work');
    mkdirSync(roots, { recursive: true });
    // The Demo model is offered only where no provider's key stands in the environment.
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_(KEY|TOKEN)$/.test(name)));
    const child = spawn(process.execPath, [built.runner, 'runner'], {
      env: {
        ...inherited,
        PIZZAPI_HOME: home,
        PIZZAPI_RELAY_URL: relayUrl,
        PIZZAPI_API_KEY: apiKey,
        PIZZAPI_WORKSPACE_ROOTS: roots,
        PIZZAPI_RUNNER_NAME: RUNNER_NAME,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child, 'spawn');
    const log = createWriteStream(join(home, 'runner.log'));
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const pid = child.pid ?? NaN;
    remember(pid);
    return new RunnerProcess(child, pid, home);
  }

  /** Resident memory of a session's worker. */
  workerBytes(sessionId: string): number {
    const file = join(this.home, 'run', 'workers', `${sessionId}.json`);
    const state: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
    if (!workerState.Check(state)) throw new Error(`The runner has no worker for ${sessionId}.`);
    const { pid } = state.process;
    this.workerPids.add(pid);
    remember(pid);
    return residentBytes(pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await exit;
    }
    forget(this.pid);
    // Workers outlive their daemon, on purpose.
    for (const pid of this.workerPids) {
      signal(pid, 'SIGKILL');
      forget(pid);
    }
  }
}
