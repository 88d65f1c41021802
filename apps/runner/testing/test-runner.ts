import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProductProcess, removeFolder } from '@pizzapi/testing';

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
    for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
    await removeFolder(this.base);
  }

  daemonPid(): number | undefined {
    return this.processes().find((pid) => commandLine(pid).includes('daemon/main.js'));
  }

  workerPids(): number[] {
    return this.processes().filter((pid) => commandLine(pid).includes('worker/main.js'));
  }

  servicePids(): number[] {
    return this.processes().filter((pid) => commandLine(pid).includes('service/main.js'));
  }

  /** Every process that carries this runner's home or HOME in its environment. */
  processes(): number[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 1 && isAlive(pid) && read(`/proc/${pid}/environ`).includes(`HOME=${this.base}`));
  }

  workerLog(sessionId: string): string {
    return read(join(this.home, 'run', 'logs', `${sessionId}.log`));
  }
}

function isAlive(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== '' && !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
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
