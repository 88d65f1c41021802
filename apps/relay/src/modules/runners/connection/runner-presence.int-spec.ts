import { ScriptedRunner } from '@pizzapi/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startCluster, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { streamKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { RunnerRepository } from '../runner.repository.js';

let cluster: TestCluster;
let relay: TestRelay;
beforeAll(async () => {
  cluster = await startCluster();
  relay = await cluster.start();
});
afterAll(() => cluster[Symbol.asyncDispose]());

it('tells that a runner has left also where the database cannot note when', async () => {
  const runner = await ScriptedRunner.connect(await relay.account('ada'), 'leaving');
  const { commands } = relay.app.get(Redis);
  const changes = async (): Promise<number> => {
    const entries = await commands.xrange(streamKeys.events, '-', '+');
    return entries.filter(
      ([, fields]) => fields.includes('runner.changed') && fields.some((field) => field.includes(runner.runnerId)),
    ).length;
  };
  await expect.poll(changes).toBeGreaterThan(0);
  const before = await changes();
  const seen = vi
    .spyOn(relay.app.get(RunnerRepository, { strict: false }), 'seen')
    .mockRejectedValueOnce(new Error('The database is away.'));
  runner.stop();
  await expect.poll(() => seen).toHaveBeenCalled();
  await expect.poll(changes).toBe(before + 1);
});
