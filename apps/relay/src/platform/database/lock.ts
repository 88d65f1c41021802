import type { Transaction } from './database.js';

/**
 * Takes the lock of this name, across all replicas, until the transaction ends. For decisions about several rows, or about rows that do not
 * exist yet. SQLite needs none, because its writes take turns.
 */
export async function lock(transaction: Transaction, name: string): Promise<void> {
  if (transaction.connection.options.type !== 'postgres') return;
  await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}
