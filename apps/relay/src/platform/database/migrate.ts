import { type DataSource, MigrationExecutor } from 'typeorm';

/** Any number that no other program is likely to lock in the same PostgreSQL database. */
const MIGRATION_LOCK = 7_492_001;

/** A database that a newer PizzaPi has already migrated; running an older one on it could destroy data. */
export class DatabaseTooNewError extends Error {
  constructor(unknown: string[]) {
    super(
      `The database was migrated by a newer PizzaPi (${unknown.join(', ')}). Start that version, or restore a backup made before the upgrade.`,
    );
    this.name = 'DatabaseTooNewError';
  }
}

/** Runs what is missing, one replica at a time. */
export async function migrate(source: DataSource): Promise<void> {
  if (source.options.type !== 'postgres') return runPending(source);
  const lock = source.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runPending(source);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await lock.release();
  }
}

async function runPending(source: DataSource): Promise<void> {
  const executor = new MigrationExecutor(source);
  const known = new Set((await executor.getAllMigrations()).map((migration) => migration.name));
  const unknown = (await executor.getExecutedMigrations()).map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new DatabaseTooNewError(unknown);
  await source.runMigrations({ transaction: 'each' });
}
