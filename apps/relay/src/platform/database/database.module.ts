import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import sqlite3 from 'sqlite3';
import { DataSource, type DataSourceOptions, type EntitySchema } from 'typeorm';
import { RelayConfig } from '../../config/config.js';
import { Database } from './database.js';
import { migrate } from './migrate.js';
import { impatient, nameMissingConnections, PATIENCE } from './postgres-pool.js';
import { ReplaceNul } from './replace-nul.js';

type Classes = (abstract new () => unknown)[];

/** What the features bring: the database itself knows no table. */
export interface DatabaseSchema {
  entities: (Classes[number] | EntitySchema)[];
  migrations: Classes;
}

@Module({})
export class DatabaseModule {
  static forRoot(schema: DatabaseSchema): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: Database, inject: [RelayConfig], useFactory: (config: RelayConfig) => openDatabase(config, schema) },
      ],
      exports: [Database],
    };
  }
}

/** Connects, brings the schema up to date, and refuses a database that is newer than this program. */
export async function openDatabase(
  config: Pick<RelayConfig, 'database'>,
  schema: DatabaseSchema,
  patience = PATIENCE,
): Promise<Database> {
  const entities = schema.entities as DataSourceOptions['entities'];
  const migrations = schema.migrations as DataSourceOptions['migrations'];
  const { database } = config;
  if (database.type === 'postgres') {
    const postgres = { type: 'postgres', url: database.url, entities } as const;
    await migratePostgres(new DataSource({ ...postgres, migrations, connectTimeoutMS: patience.connectMs }));
    const pool = await connected(new DataSource({ ...postgres, subscribers: [ReplaceNul], ...impatient(patience) }));
    nameMissingConnections(pool);
    return new Database(pool, pool);
  }
  mkdirSync(dirname(database.file), { recursive: true, mode: 0o700 });
  const sqlite = {
    type: 'sqlite',
    database: database.file,
    driver: quietDriver,
    entities,
    busyTimeout: 5_000,
    enableWAL: true,
  } as const;
  const writer = await connected(new DataSource({ ...sqlite, migrations }));
  // An answered write must survive a power cut; with WAL the default would only survive a crash of the process.
  await writer.query('PRAGMA synchronous = FULL');
  await migrate(writer);
  const reader = await connected(new DataSource(sqlite));
  await reader.query('PRAGMA query_only = ON');
  return new Database(writer, reader);
}

/** On connections that wait for as long as it takes: for another replica that migrates, or for an index of a large table. */
async function migratePostgres(source: DataSource): Promise<void> {
  await connected(source);
  try {
    await migrate(source);
  } finally {
    await source.destroy();
  }
}

/** TypeORM would switch on long stack traces, which cost a stack at every query. */
const quietDriver = { verbose: () => sqlite3 };

/** The database cannot be reached or opened: not there, a wrong password, a file that is none of ours. */
export class DatabaseUnreachableError extends Error {
  constructor(cause: Error) {
    super(`The database cannot be used: ${cause.message}. Start it, or correct DATABASE_URL.`, { cause });
    this.name = 'DatabaseUnreachableError';
  }
}

async function connected(source: DataSource): Promise<DataSource> {
  try {
    return await source.initialize();
  } catch (error) {
    throw error instanceof Error ? new DatabaseUnreachableError(error) : error;
  }
}
