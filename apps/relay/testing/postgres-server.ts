import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

/** A PostgreSQL of a test's own, in a temporary folder on a free port of 127.0.0.1. */
export interface TestPostgres extends AsyncDisposable {
  url: string;
}

/** Debian keeps the server's programs off PATH, and they refuse to run as root. */
export async function startPostgres(): Promise<TestPostgres> {
  const bin = binFolder();
  const folder = mkdtempSync(join(tmpdir(), 'pizzapi-postgres-'));
  const port = await freePort();
  const user = process.getuid?.() === 0 ? account('postgres') : null;
  if (user) chownSync(folder, user.uid, user.gid);
  const run = (program: string, ...args: string[]): void => {
    const result = spawnSync(join(bin, program), args, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      ...(user ?? {}),
    });
    if (result.status !== 0) throw new Error(`${program} failed: ${result.stderr}`);
  };
  const data = join(folder, 'data');
  run('initdb', '-D', data, '-U', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C.UTF-8');
  run(
    'pg_ctl',
    '-D',
    data,
    '-w',
    '-l',
    join(folder, 'log'),
    '-o',
    `-c listen_addresses=127.0.0.1 -p ${port} -k ${folder} -c fsync=off`,
    'start',
  );
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    [Symbol.asyncDispose]() {
      run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

function binFolder(): string {
  const root = '/usr/lib/postgresql';
  const version = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a))[0] : undefined;
  if (version === undefined) throw new Error('These tests need PostgreSQL (Debian: apt-get install postgresql).');
  return join(root, version, 'bin');
}

function account(name: string): { uid: number; gid: number } {
  const id = (flag: string): number => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}
