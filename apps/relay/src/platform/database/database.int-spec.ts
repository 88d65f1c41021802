import { join } from 'node:path';
import { PostgresServer, removeFolder, temporaryFolder } from '@pizzapi/testing';
import {
  Column,
  DataSource,
  Entity,
  type EntityManager,
  LessThan,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
  Table,
} from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteForCommit } from './commit-notes.js';
import { HangingProxy } from '../../../testing/hanging-proxy.js';
import { toProblem } from '../http/problem.js';
import type { Database } from './database.js';
import { openDatabase } from './database.module.js';
import { isoTime } from './iso-time.js';
import { DatabaseTooNewError } from './migrate.js';

@Entity('notes')
class Note {
  @PrimaryColumn('integer')
  id!: number;

  @Column('varchar')
  state!: string;

  @Column('varchar', { nullable: true, transformer: isoTime })
  at!: Date | null;
}

class Notes1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = [
      { name: 'id', type: 'integer', isPrimary: true },
      { name: 'state', type: 'varchar' },
      { name: 'at', type: 'varchar', isNullable: true },
    ];
    await runner.createTable(new Table({ name: 'notes', columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('notes');
  }
}

const schema = { entities: [Note], migrations: [Notes1700000000000] };

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder('database');
});
afterEach(() => removeFolder(folder));

const file = (): string => join(folder, 'test.db');
const sqlite = (): Promise<Database> => openDatabase({ database: { type: 'sqlite', file: file() } }, schema);

const aNote = (id: number): Note => Object.assign(new Note(), { id, state: 'begun', at: null });

/** Lets every other transaction that could run have its turn. */
async function othersRun(): Promise<void> {
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
}

/** Each adds one note in two steps with a pause between; every third fails after its first step. @returns whose write was answered */
async function manyWrites(write: Database['write']): Promise<number[]> {
  const results = await Promise.allSettled(
    Array.from({ length: 30 }, (_, id) =>
      write(async (manager) => {
        await manager.insert(Note, aNote(id));
        await othersRun();
        if (id % 3 === 0) throw new Error('this one is to leave nothing behind');
        await manager.update(Note, { id }, { state: 'done' });
      }),
    ),
  );
  return results.flatMap((result, id) => (result.status === 'fulfilled' ? [id] : []));
}

/** The notes that are there, and whole. */
async function doneNotes(manager: EntityManager): Promise<number[]> {
  const notes = await manager.find(Note, { order: { id: 'ASC' } });
  return notes.map(({ id, state }) => (state === 'done' ? id : NaN));
}

describe.each(['sqlite', 'postgres'])('%s', (kind) => {
  it('keeps concurrent transactions apart: each is there whole or not at all', async () => {
    await using postgres = kind === 'postgres' ? await PostgresServer.start() : null;
    const database = postgres
      ? await openDatabase({ database: { type: 'postgres', url: postgres.url } }, schema)
      : await sqlite();
    try {
      const written = await manyWrites((work) => database.write(work));
      expect(written).toHaveLength(20);
      expect(await doneNotes(database.read)).toEqual(written);
    } finally {
      await database.onApplicationShutdown();
    }
  });

  it('compares times as they are stored, however it is asked', async () => {
    await using postgres = kind === 'postgres' ? await PostgresServer.start() : null;
    const database = postgres
      ? await openDatabase({ database: { type: 'postgres', url: postgres.url } }, schema)
      : await sqlite();
    try {
      const now = new Date('2026-11-29T12:00:00.000Z');
      const notes = [-1, 0, 1].map((ms) => ({ ...aNote(ms + 1), at: new Date(now.getTime() + ms) }));
      await database.write((transaction) => transaction.insert(Note, notes));
      // A new one each time: TypeORM may change it.
      const before = () => ({ at: LessThan(now) });
      const ids = [{ id: 0 }];
      expect(await database.read.find(Note, { where: before() })).toMatchObject(ids);
      expect(await database.read.createQueryBuilder(Note, 'n').where(before()).getMany()).toMatchObject(ids);
      expect(await database.write((transaction) => transaction.delete(Note, before()))).toMatchObject({ affected: 1 });
    } finally {
      await database.onApplicationShutdown();
    }
  });
});

it('tells of what a transaction noted after its commit, before its write resolves; of none that was rolled back', async () => {
  const database = await sqlite();
  const told: [key: string, notes: number][] = [];
  database.whenCommitted('changed', async (key) => {
    told.push([key, await database.read.count(Note)]);
  });
  try {
    await database.write(async (manager) => {
      for (const key of ['a', 'b', 'a']) noteForCommit(manager, 'changed', key);
      noteForCommit(manager, 'of no interest', 'c');
      await manager.insert(Note, aNote(1));
    });
    expect(told).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    const failed = database.write(async (manager) => {
      noteForCommit(manager, 'changed', 'd');
      await manager.insert(Note, aNote(1));
    });
    await expect(failed).rejects.toThrow('UNIQUE');
    expect(told).toHaveLength(2);
  } finally {
    await database.onApplicationShutdown();
  }
});

describe('SQLite', () => {
  it('would lose or mix up transactions without the queue, on its one connection', async () => {
    await (await sqlite()).onApplicationShutdown();
    const bare = await new DataSource({ type: 'sqlite', database: file(), entities: schema.entities }).initialize();
    try {
      const written = await manyWrites((work) => bare.transaction(work));
      const there = await doneNotes(bare.manager);
      const isSound = written.length === 20 && String(there) === String(written);
      expect(isSound).toBe(false);
    } finally {
      await bare.destroy();
    }
  });

  it('shows a reader no half-done transaction', async () => {
    const database = await sqlite();
    try {
      await database.write(async (manager) => {
        await manager.insert(Note, aNote(1));
        expect(await database.read.count(Note)).toBe(0);
      });
      expect(await database.read.count(Note)).toBe(1);
    } finally {
      await database.onApplicationShutdown();
    }
  });

  it('refuses to write through the reading connection, and a write within a write', async () => {
    const database = await sqlite();
    try {
      await expect(database.read.insert(Note, aNote(1))).rejects.toThrow(/readonly/);
      await expect(database.write(() => database.write(() => Promise.resolve()))).rejects.toThrow(
        'inside another write',
      );
    } finally {
      await database.onApplicationShutdown();
    }
  });

  it('refuses a file that a newer program has migrated', async () => {
    const database = await sqlite();
    await database.write((manager) =>
      manager.query(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture9999999999999')`),
    );
    await database.onApplicationShutdown();
    await expect(sqlite()).rejects.toThrow(DatabaseTooNewError);
  });
});

it('PostgreSQL that hangs is waited for only so long, leaves nothing half done, and is used again when it is back', async () => {
  await using postgres = await PostgresServer.start();
  await using between = await HangingProxy.start(postgres.url);
  const database = await openDatabase({ database: { type: 'postgres', url: between.url } }, schema, {
    connectMs: 500,
    silenceMs: 500,
  });
  try {
    await database.write((transaction) => transaction.insert(Note, aNote(1)));
    between.hang();
    const away = { status: 503, code: 'unavailable', detail: expect.stringContaining('database'), retryAfterS: 5 };
    // On a connection that is there; on new ones; and for one of the pool, when it has no more.
    const asked = await Promise.all(Array.from({ length: 30 }, () => refusal(database.read.count(Note))));
    expect(asked).toEqual(Array.from({ length: 30 }, () => away));
    between.goOn();
    await expect.poll(() => database.read.count(Note)).toBe(1);

    const written = database.write(async (transaction) => {
      await transaction.insert(Note, aNote(2));
      between.hang();
      await transaction.update(Note, { id: 2 }, { state: 'done' });
    });
    expect(await refusal(written)).toEqual(away);
    between.goOn();
    await database.write((transaction) => transaction.insert(Note, aNote(3)));
    expect(await database.read.find(Note, { order: { id: 'ASC' } })).toMatchObject([{ id: 1 }, { id: 3 }]);
  } finally {
    await database.onApplicationShutdown();
  }
});

/** @returns what a caller is told */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (result) => result,
    (error: unknown) => toProblem(error),
  );
}

it('PostgreSQL migrates once when two relays start at the same moment', async () => {
  await using postgres = await PostgresServer.start();
  const open = (): Promise<Database> => openDatabase({ database: { type: 'postgres', url: postgres.url } }, schema);
  const both = await Promise.all([open(), open()]);
  expect(await both[0]?.read.count(Note)).toBe(0);
  for (const database of both) await database.onApplicationShutdown();
});
