import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.js';
import { removeFolder, removeFolderAtEnd, temporaryFolder } from './temporary-folder.js';
import { waitFor } from './wait-for.js';

/** A real PostgreSQL with a database of its own, in a temporary folder. It refuses to run as root, so root lends it another user. */
export class PostgresServer implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<PostgresServer> {
    const user = unprivilegedUser();
    const folder = await folderOf(user);
    const port = await freePort();
    const data = join(folder, 'data');
    await run('cp', ['-a', await (template ??= makeTemplate(user)), data], user ?? {});
    const settings = [
      'fsync=off',
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      'max_connections=200',
    ];
    const child = spawn(
      program('postgres'),
      ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { stdio: 'ignore', ...user },
    );
    const server = new PostgresServer(child, folder, port);
    await waitFor(() => server.query('SELECT 1', 'postgres'), { description: 'PostgreSQL answers' });
    await server.query('CREATE DATABASE pizzapi', 'postgres');
    return server;
  }

  get url(): string {
    return this.urlOf('pizzapi');
  }

  /** A further, empty database on the same server. */
  async database(name: string): Promise<string> {
    await this.query(`CREATE DATABASE ${name}`, 'postgres');
    return this.urlOf(name);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGINT'); // "fast": ends the sessions that are still open
      await once(this.child, 'exit');
    }
    await removeFolder(this.folder);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private urlOf(database: string): string {
    return `postgres://pizzapi@127.0.0.1:${this.port}/${database}`;
  }

  private async query(sql: string, database: string): Promise<boolean> {
    const client = new pg.Client(this.urlOf(database));
    try {
      await client.connect();
      await client.query(sql);
      return true;
    } finally {
      await client.end();
    }
  }
}

const run = promisify(execFile);

/** What `initdb` makes is copied: it takes longer than all the rest, and a process starts many servers. */
let template: Promise<string> | null = null;

async function makeTemplate(user: SystemUser | null): Promise<string> {
  const folder = await folderOf(user);
  removeFolderAtEnd(folder);
  const data = join(folder, 'data');
  const settings = ['-U', 'pizzapi', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
  await run(program('initdb'), ['-D', data, ...settings], user ?? {});
  return data;
}

async function folderOf(user: SystemUser | null): Promise<string> {
  const folder = await temporaryFolder('postgres');
  if (user) chownSync(folder, user.uid, user.gid);
  return folder;
}

const DEBIAN = '/usr/lib/postgresql';

/** Debian keeps the server's programs off PATH, by version. */
function program(name: string): string {
  if (!existsSync(DEBIAN)) return name;
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(DEBIAN, version, 'bin', name)).find((path) => existsSync(path)) ?? name;
}

interface SystemUser {
  uid: number;
  gid: number;
}

function unprivilegedUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
