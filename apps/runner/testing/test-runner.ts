import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProductProcess, removeFolder, waitFor } from '@pizzapi/testing';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const node = join(root, 'node_modules/.bin/node');

/** Builds the runner as it ships, if its sources changed: the tests start its real processes. */
export function buildRunner(): void {
  execFileSync(node, [join(root, 'scripts/build.mjs'), 'runner'], { cwd: root, stdio: 'pipe' });
}

/** A runner in a home of its own, with every process it starts. */
export class TestRunner {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'pizzapi-test-')));
  readonly home = join(this.base, 'home');
  readonly workspace = this.base;
  private readonly supervisor: ProductProcess;

  constructor(environment: Record<string, string>) {
    this.supervisor = new ProductProcess('runner/apps/runner/src/main.js', ['runner'], {
      HOME: this.base,
      PIZZAPI_HOME: this.home,
      PIZZAPI_WORKSPACE_ROOTS: this.workspace,
      ...environment,
    });
  }

  start(): void {
    this.supervisor.launch();
  }

  get output(): string {
    return this.supervisor.log;
  }

  /** SIGTERM, as a service manager does; resolves to the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    await this.supervisor.end(signal);
    return this.supervisor.exitCode;
  }

  /** Ends everything and removes the home. */
  async dispose(): Promise<void> {
    await this.stop();
    await waitFor(() => this.endProcesses(), { description: 'no process of the runner is left' });
    await removeFolder(this.base);
  }

  /** One that is killed may have started another one meanwhile. */
  private endProcesses(): boolean {
    const left = this.processes();
    for (const pid of left) process.kill(pid, 'SIGKILL');
    return left.length === 0;
  }

  daemonPid(): number | undefined {
    return this.processes().find((pid) => commandLine(pid).includes('daemon/main.js'));
  }

  /** Of one session, or of all. */
  workerPids(sessionId = ''): number[] {
    return this.processes().filter(
      (pid) => commandLine(pid).includes('worker/main.js') && environmentOf(pid).includes(`_SESSION_ID=${sessionId}`),
    );
  }

  servicePids(): number[] {
    return this.processes().filter((pid) => commandLine(pid).includes('service/main.js'));
  }

  /** Every process that carries this runner's home or HOME in its environment. */
  processes(): number[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 1 && isAlive(pid) && environmentOf(pid).includes(`HOME=${this.base}`));
  }

  workerLog(sessionId: string): string {
    return read(join(this.home, 'run', 'logs', `${sessionId}.log`));
  }
}

function isAlive(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== '' && !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
}

function environmentOf(pid: number): string {
  return read(`/proc/${pid}/environ`);
}

function commandLine(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
