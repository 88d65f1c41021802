import { join } from 'node:path';
import { PostgresServer, removeFolder, temporaryFolder } from '@pizzapi/testing';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseSchema } from '../database-schema.js';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder('migrations');
});
afterEach(() => removeFolder(folder));

describe.each(['sqlite', 'postgres'])('on %s', (kind) => {
  it('the migrations go up, make a column for every property, go down, and up again', async () => {
    await using postgres = kind === 'postgres' ? await PostgresServer.start() : null;
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
