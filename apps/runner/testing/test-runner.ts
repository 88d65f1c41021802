import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const entry = join(root, 'dist/runner/apps/runner/src/main.js');
const node = join(root, 'node_modules/.bin/node');

/** Builds the runner as it ships: the tests start its real processes. */
export function buildRunner(): void {
  execFileSync(node, [join(root, 'node_modules/.bin/nest'), 'build', 'runner'], { cwd: root, stdio: 'pipe' });
}

/** A runner in a home of its own, with every process it starts. */
export class TestRunner {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'pizzapi-test-')));
  readonly home = join(this.base, 'home');
  readonly workspace = this.base;
  output = '';
  private supervisor: ChildProcess | undefined;

  constructor(private readonly environment: Record<string, string>) {}

  start(): void {
    const supervisor = spawn(node, [entry, 'runner'], {
      env: {
        PATH: process.env['PATH'],
        HOME: this.base,
        PIZZAPI_HOME: this.home,
        PIZZAPI_WORKSPACE_ROOTS: this.workspace,
        ...this.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    supervisor.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    supervisor.stderr.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.supervisor = supervisor;
  }

  /** SIGTERM, as a service manager does; resolves to the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const { supervisor } = this;
    if (!supervisor || supervisor.exitCode !== null || supervisor.signalCode !== null)
      return supervisor?.exitCode ?? null;
    const exit = new Promise<number | null>((resolve) => supervisor.once('exit', resolve));
    supervisor.kill(signal);
    return exit;
  }

  /** Ends everything and removes the home. */
  async dispose(): Promise<void> {
    await this.stop();
    for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
    rmSync(this.base, { recursive: true, force: true });
  }

  get supervisorPid(): number | undefined {
    return this.supervisor?.pid;
  }

  daemonPid(): number | undefined {
    return this.processes().find((pid) => commandLine(pid).includes('daemon/main.js'));
  }

  workerPids(): number[] {
    return this.processes().filter((pid) => commandLine(pid).includes('worker/main.js'));
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
