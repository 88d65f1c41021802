import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { OnApplicationShutdown } from '@nestjs/common';
import sqlite3 from 'sqlite3';
import type { RelayConfig } from './config.js';

/** Another relay has the data directory. */
export class DataInUseError extends Error {
  readonly code = 'data_in_use';

  constructor(dataDir: string, holder: number | null) {
    super(
      `Another relay ${holder === null ? '' : `(process ${holder}) `}keeps its data in ${dataDir}. Stop it, or give this one a folder of its own with PIZZAPI_HOME or PIZZAPI_DATA_DIR; relays that share a folder need PostgreSQL at DATABASE_URL and REDIS_URL.`,
    );
    this.name = 'DataInUseError';
  }
}

type Data = Pick<RelayConfig, 'dataDir' | 'database' | 'redisUrl'>;

/** How long a relay that is just ending may still hold it. */
const HANDOVER_MS = 500;
/** Without a journal file, which a kill would leave. */
const TAKE = 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE';

/**
 * Keeps the data directory for one relay where it holds what cannot be shared: the SQLite file, the relay's own Redis.
 *
 * It is the system's lock on a file, taken through SQLite. So it ends with the process, however that ends, and holds between containers
 * with a common volume; a socket or a file with a pid would be left over by a kill.
 */
export class DataLock implements OnApplicationShutdown {
  private constructor(
    private readonly connection: sqlite3.Database | null,
    private readonly pidFile: string,
  ) {}

  /** @throws DataInUseError */
  static async take(data: Data): Promise<DataLock> {
    const { dataDir } = data;
    const pidFile = join(dataDir, 'relay.pid');
    if (!isOneRelaysOwn(data)) return new DataLock(null, pidFile);
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK); // its error names the folder, SQLite's does not
    const connection = await lockedFile(join(dataDir, 'relay.lock'));
    if (connection === null) throw new DataInUseError(dataDir, pidIn(pidFile));
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
    return new DataLock(connection, pidFile);
  }

  /** Last of all, as the first module's. */
  async onApplicationShutdown(): Promise<void> {
    if (this.connection === null) return;
    rmSync(this.pidFile, { force: true });
    await closed(this.connection);
  }
}

function isOneRelaysOwn({ dataDir, database, redisUrl }: Data): boolean {
  return redisUrl === null || (database.type === 'sqlite' && isWithin(dataDir, database.file));
}

function isWithin(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return !path.startsWith('..') && !isAbsolute(path);
}

/** Null when another process has it. The file stays empty: nothing is written in the transaction that holds it. */
async function lockedFile(file: string): Promise<sqlite3.Database | null> {
  const connection = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opening = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opening)));
  });
  connection.configure('busyTimeout', HANDOVER_MS);
  try {
    await promisify((sql: string, done: (error: Error | null) => void) => connection.exec(sql, done))(TAKE);
    return connection;
  } catch (error) {
    await closed(connection);
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return null;
    throw error;
  }
}

async function closed(connection: sqlite3.Database): Promise<void> {
  await promisify((done: (error: Error | null) => void) => connection.close(done))();
}

function pidIn(file: string): number | null {
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : NaN;
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}
