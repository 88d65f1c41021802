import { AsyncLocalStorage } from 'node:async_hooks';
import { type OnApplicationShutdown, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { WriteQueue } from './write-queue.js';

/** What a transaction's work gets: for features that pass it on to a repository. */
export type { EntityManager } from 'typeorm';

/** What a transaction is made with: hand it on to everything that belongs to the same all-or-nothing. */
export type Transaction = EntityManager;

/**
 * The one way to the database.
 *
 * SQLite's driver has a single connection, on which concurrent transactions would interleave: writes take turns on it,
 * and reads go to a second, read-only one (write-ahead log), so that nobody reads a half-done transaction. On
 * PostgreSQL both are the same pool.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly isWriting = new AsyncLocalStorage<true>();
  private readonly queue: WriteQueue | null;

  constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {
    this.queue = writer.options.type === 'postgres' ? null : new WriteQueue();
  }

  get type(): 'sqlite' | 'postgres' {
    return this.writer.options.type === 'postgres' ? 'postgres' : 'sqlite';
  }

  /** For reading only. Sees every write that was awaited before. */
  get read(): EntityManager {
    return this.reader.manager;
  }

  /**
   * Runs `work` in one transaction: all or nothing. Keep it short and free of other I/O.
   * @throws Error when called inside another `write`, which would wait for itself.
   */
  async write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.isWriting.getStore())
      throw new Error('Database.write was called inside another write; pass the manager on instead.');
    const run = (): Promise<T> => this.isWriting.run(true, () => this.writer.transaction(work));
    return this.queue ? this.queue.run(run) : run();
  }

  /** Throws when the database does not answer. */
  async ping(): Promise<void> {
    await this.reader.query('SELECT 1');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue?.idle();
    if (this.reader !== this.writer) await this.reader.destroy();
    await this.writer.destroy();
  }
}
