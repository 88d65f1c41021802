import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { forget, remember } from '../processes/process-registry.js';
import { freePort } from './relay-process.js';

/** Debian keeps PostgreSQL's programs off PATH, in a folder per version. */
const DEBIAN = '/usr/lib/postgresql';

/** A PostgreSQL of the benchmark's own. */
export class PostgresProcess implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  /** Null where PostgreSQL is not installed. */
  static async start(): Promise<PostgresProcess | null> {
    const programs = findPrograms();
    if (programs === null) return null;
    const folder = mkdtempSync(join(tmpdir(), 'pizzapi-bench-postgres-'));
    // It refuses to run as root.
    const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
    const data = join(folder, 'data');
    const options = { ...user, cwd: folder, stdio: 'ignore' as const };
    execFileSync(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'bench', '-E', 'UTF8'], options);
    const port = await freePort();
    const child = spawn(join(programs, 'postgres'), ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder], options);
    await once(child, 'spawn');
    remember(child.pid ?? NaN);
    const url = `postgres://bench@127.0.0.1:${port}/postgres`;
    while (!(await answers(url))) await pause(50);
    return new PostgresProcess(child, folder, url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGINT'); // ends open connections, in contrast to SIGTERM
    await exit;
    forget(this.child.pid ?? NaN);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function findPrograms(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  return versions.map((version) => join(DEBIAN, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

function idOf(option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false; // still starting
  }
}
