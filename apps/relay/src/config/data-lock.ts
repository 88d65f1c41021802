import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { OnApplicationShutdown } from '@nestjs/common';
import sqlite3 from 'sqlite3';
import type { RelayConfig } from './config.js';

/** Another relay has the data directory, or the SQLite file. */
export class DataInUseError extends Error {
  readonly code = 'data_in_use';

  constructor({ what, instead }: Pick<Place, 'what' | 'instead'>, holder: number | null) {
    const other = holder === null ? '' : `(process ${holder}) `;
    super(
      `Another relay ${other}keeps its data in ${what}. Stop it, or give this one ${instead}; relays that share their data need PostgreSQL at DATABASE_URL and REDIS_URL.`,
    );
    this.name = 'DataInUseError';
  }
}

/** What one relay has for itself, and the files that say who. */
interface Place {
  what: string;
  /** Ends "give this one …". */
  instead: string;
  lockFile: string;
  pidFile: string;
}

type Data = Pick<RelayConfig, 'dataDir' | 'database' | 'redisUrl'>;

/** How long a relay that is just ending may still hold it. */
const HANDOVER_MS = 500;
/** Without a journal file, which a kill would leave. */
const TAKE = 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE';

/**
 * Keeps for one relay what cannot be shared: a data directory with the SQLite file or the relay's own Redis in it, an SQLite file elsewhere.
 *
 * It is the system's lock on a file, taken through SQLite. So it ends with the process, however that ends, and holds between containers
 * with a common volume; a socket or a file with a pid would be left over by a kill.
 */
export class DataLock implements OnApplicationShutdown {
  private readonly held: { connection: sqlite3.Database; pidFile: string }[] = [];

  private constructor() {}

  /** @throws DataInUseError */
  static async take(data: Data): Promise<DataLock> {
    const lock = new DataLock();
    try {
      for (const place of ownPlaces(data)) await lock.add(place);
    } catch (error) {
      await lock.onApplicationShutdown();
      throw error;
    }
    return lock;
  }

  private async add(place: Place): Promise<void> {
    const { lockFile, pidFile } = place;
    mkdirSync(dirname(lockFile), { recursive: true, mode: 0o700 });
    accessSync(dirname(lockFile), constants.W_OK); // its error names the folder, SQLite's does not
    const connection = await lockedFile(lockFile);
    if (connection === null) throw new DataInUseError(place, pidIn(pidFile));
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
    this.held.push({ connection, pidFile });
  }

  /** Last of all, as the first module's. */
  async onApplicationShutdown(): Promise<void> {
    for (const { connection, pidFile } of this.held.splice(0)) {
      rmSync(pidFile, { force: true });
      await closed(connection);
    }
  }
}

function ownPlaces({ dataDir, database, redisUrl }: Data): Place[] {
  const folder = {
    what: dataDir,
    instead: 'a folder of its own with PIZZAPI_HOME or PIZZAPI_DATA_DIR',
    lockFile: join(dataDir, 'relay.lock'),
    pidFile: join(dataDir, 'relay.pid'),
  };
  if (database.type !== 'sqlite') return redisUrl === null ? [folder] : [];
  const { file } = database;
  if (isWithin(dataDir, file)) return [folder];
  const lone = {
    what: file,
    instead: 'a file of its own with DATABASE_URL',
    lockFile: `${file}.lock`,
    pidFile: `${file}.pid`,
  };
  return redisUrl === null ? [folder, lone] : [lone];
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
