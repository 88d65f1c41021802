import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder, temporaryFolder } from '@pizzapi/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startCluster } from '../../testing/relay-fixture.js';
import type { RelayConfig } from './config.js';
import { DataInUseError, DataLock } from './data-lock.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

let dataDir: string;
let started: ChildProcess[];
beforeEach(async () => {
  dataDir = await temporaryFolder('data-lock');
  started = [];
});
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  await removeFolder(dataDir);
});

const inFolder = () => ({
  dataDir,
  redisUrl: 'redis://redis',
  database: { type: 'sqlite', file: join(dataDir, 'pizzapi.db') } as const,
});

/** Holds the lock in a process of its own, as another relay does. */
async function otherProcess(): Promise<ChildProcess> {
  const program = `
    import { DataLock } from './apps/relay/src/config/data-lock.ts';
    await DataLock.take(${JSON.stringify(inFolder())});
    process.send('taken');
    setInterval(() => undefined, 1_000);`;
  const child = spawn(
    process.execPath,
    ['--experimental-transform-types', '--no-warnings', '--input-type=module', '-e', program],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  started.push(child);
  await once(child, 'message');
  return child;
}

it('is refused while another process has it, which is named, and taken at once after its kill', async () => {
  const other = await otherProcess();
  const refusal: unknown = await DataLock.take(inFolder()).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(DataInUseError);
  expect(String(refusal)).toContain(`(process ${other.pid}) keeps its data in ${dataDir}`);
  expect(readdirSync(dataDir).toSorted()).toEqual(['relay.lock', 'relay.pid']);

  other.kill('SIGKILL');
  await once(other, 'exit');
  const lock = await DataLock.take(inFolder());
  await lock.onApplicationShutdown();
});

it('is free again after an orderly stop', async () => {
  for (let start = 0; start < 2; start++) {
    const lock = await DataLock.take(inFolder());
    await expect(DataLock.take(inFolder())).rejects.toThrow(DataInUseError);
    await lock.onApplicationShutdown();
  }
});

it('is refused to a relay with another folder and the same SQLite file elsewhere', async () => {
  const file = join(dataDir, 'shared.db');
  const inAnotherFolder = (name: string) => ({
    dataDir: join(dataDir, name),
    redisUrl: 'redis://redis',
    database: { type: 'sqlite', file } as const,
  });
  const first = await DataLock.take(inAnotherFolder('one'));
  await expect(DataLock.take(inAnotherFolder('two'))).rejects.toThrow(`keeps its data in ${file}. Stop it`);
  await first.onApplicationShutdown();
  const own = { ...inAnotherFolder('two'), redisUrl: null };
  const second = await DataLock.take(own);
  // Neither of the two is free again before both are.
  await expect(DataLock.take(own)).rejects.toThrow(`keeps its data in ${own.dataDir}. Stop it`);
  await expect(DataLock.take({ ...own, dataDir: join(dataDir, 'three') })).rejects.toThrow(DataInUseError);
  const third = await DataLock.take({ ...own, dataDir: join(dataDir, 'three'), database: postgres });
  await third.onApplicationShutdown();
  await second.onApplicationShutdown();
});

const postgres = { type: 'postgres', url: 'postgres://db/pizzapi' } as const;
it.each<[string, boolean, Partial<RelayConfig>]>([
  ['a Redis of its own', true, { redisUrl: null, database: postgres }],
  ['PostgreSQL and a Redis of yours', false, { database: postgres }],
])('with %s: is refused %s', async (_name, isRefused, change) => {
  const take = (): Promise<DataLock> => DataLock.take({ ...inFolder(), ...change });
  const first = await take();
  const second = await take().catch((error: unknown) => error);
  expect(second instanceof DataInUseError).toBe(isRefused);
  await first.onApplicationShutdown();
});

it("keeps a second relay from the first one's data, until the first has stopped", async () => {
  await using cluster = await startCluster();
  const start = () => cluster.start({ DATABASE_URL: '' });
  const first = await start();
  await expect(start()).rejects.toThrow(DataInUseError);
  await first.stop();
  const next = await start();
  await next.stop();
});
