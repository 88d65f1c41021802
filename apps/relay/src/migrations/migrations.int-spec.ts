import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../testing/postgres-server.js';
import { databaseSchema } from '../database-schema.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-migrations-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['sqlite', 'postgres'])('on %s', (kind) => {
  it('the migrations go up, make a column for every property, go down, and up again', async () => {
    await using postgres = kind === 'postgres' ? await startPostgres() : null;
    const where = postgres
      ? ({ type: 'postgres', url: postgres.url } as const)
      : ({ type: 'sqlite', database: join(folder, 'test.db') } as const);
    const source = await new DataSource({ ...where, ...databaseSchema }).initialize();
    try {
      await source.runMigrations({ transaction: 'each' });
      for (const { name } of source.entityMetadatas)
        expect([name, await source.manager.find(name)]).toEqual([name, []]);
      for (let n = 0; n < databaseSchema.migrations.length; n++)
        await source.undoLastMigration({ transaction: 'each' });
      expect(await source.runMigrations({ transaction: 'each' })).toHaveLength(databaseSchema.migrations.length);
    } finally {
      await source.destroy();
    }
  });
});
