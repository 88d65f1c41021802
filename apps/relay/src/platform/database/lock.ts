import type { Transaction } from './database.js';

/**
 * Until the end of the transaction nobody else holds a lock of this name, on any replica. For decisions on several rows, or on rows
 * that are not there yet. SQLite's writes take turns anyway.
 */
export async function lock(transaction: Transaction, name: string): Promise<void> {
  if (transaction.connection.options.type !== 'postgres') return;
  await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}
