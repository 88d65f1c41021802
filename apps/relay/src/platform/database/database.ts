import { AsyncLocalStorage } from 'node:async_hooks';
import { type OnApplicationShutdown, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { type CommitListener, type CommitNotes, notesOf } from './commit-notes.js';
import { WriteQueue } from './write-queue.js';

/** What a transaction's work gets: for features that pass it on to a repository. */
export type { EntityManager } from 'typeorm';

/** A running transaction: pass it to everything that must be committed together. */
export type Transaction = EntityManager;

/**
 * The one way to the database.
 *
 * SQLite's driver has a single connection, on which concurrent transactions would interleave. So writes take turns on it, and reads go to a second,
 * read-only connection, so that nobody reads a half-done transaction. On PostgreSQL both use the same pool.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly isWriting = new AsyncLocalStorage<true>();
  private readonly queue: WriteQueue | null;
  private readonly listeners = new Map<string, CommitListener[]>();

  constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {
    this.queue = writer.options.type === 'postgres' ? null : new WriteQueue();
  }

  get type(): 'sqlite' | 'postgres' {
    return this.writer.options.type === 'postgres' ? 'postgres' : 'sqlite';
  }

  /** For reading only. Sees every write that has been awaited. */
  get read(): EntityManager {
    return this.reader.manager;
  }

  /**
   * Runs `work` in one transaction: all or nothing. Keep it short and free of other I/O.
   * @throws Error when called inside another `write`, which would wait for itself for ever
   */
  async write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.isWriting.getStore())
      throw new Error('Database.write was called inside another write; pass the manager on instead.');
    let notes: CommitNotes = new Map();
    const noting = async (transaction: Transaction): Promise<T> => {
      const result = await work(transaction);
      notes = notesOf(transaction);
      return result;
    };
    const run = (): Promise<T> => this.isWriting.run(true, () => this.writer.transaction(noting));
    const result = await (this.queue ? this.queue.run(run) : run());
    await this.tell(notes);
    return result;
  }

  /** Calls the listener for every committed transaction with a note of this topic (`noteForCommit`), before its `write` resolves. */
  whenCommitted(topic: string, listener: CommitListener): void {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }

  /** Throws when the database does not answer. */
  async ping(): Promise<void> {
    await this.reader.query('SELECT 1');
  }

  private async tell(notes: CommitNotes): Promise<void> {
    for (const [topic, keys] of notes)
      for (const listener of this.listeners.get(topic) ?? []) for (const key of keys) await listener(key);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue?.idle();
    if (this.reader !== this.writer) await this.reader.destroy();
    await this.writer.destroy();
  }
}
