#!/usr/bin/env node
// `npm start`: everything that is needed, then a relay and a runner. No dependencies, and Node 20: it runs before `npm ci`.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { relayAddress } from './setup/address.mjs';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { Failure, runMain } from './setup/failure.mjs';
import { say, step } from './setup/log.mjs';
import { ManagedProcess } from './setup/managed-process.mjs';
import { built, pizzapiHome, toolEnvironment } from './setup/paths.mjs';
import { START_MARK } from './setup/process-tree.mjs';
import { runnerOnline } from './setup/runner-status.mjs';
import { ensureRedis } from './setup/servers.mjs';
import { Shutdown } from './setup/shutdown.mjs';

const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;

await runMain(async () => {
  const mark = randomUUID();
  const shutdown = new Shutdown(mark);
  try {
    const address = await relayAddress();
    await ensureDependencies();
    await ensureBuild();
    await ensureRedis();
    if (shutdown.isAsked) return;

    const env = { ...toolEnvironment(), PIZZAPI_HOME: pizzapiHome(), PIZZAPI_PORT: String(address.port), [START_MARK]: mark };
    const logFolder = join(pizzapiHome(), 'logs');
    const relay = shutdown.own(new ManagedProcess('relay', [built.relay], { env, logFolder }));
    await step('Starting the relay', () => until(relay, () => isReady(address.local)));

    const runnerEnv = { ...env, PIZZAPI_RELAY_URL: address.local };
    const startedAt = Date.now();
    const runner = shutdown.own(new ManagedProcess('runner', [built.runner, 'runner'], { env: runnerEnv, logFolder }));
    await step('Starting the runner', () => until(runner, () => runnerOnline(pizzapiHome(), startedAt)));

    say(`Data: ${pizzapiHome()}   Logs: ${logFolder}   Stop: Ctrl+C`);
    say(`Console: ${address.console}`);
    await shutdown.wait();
  } finally {
    await shutdown.finish();
  }

  /**
   * @param {ManagedProcess} child
   * @param {() => Promise<boolean> | boolean} isThere
   */
  async function until(child, isThere) {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await isThere())) {
      await Promise.race([shutdown.interrupted, delay(POLL_MS)]);
      if (Date.now() > deadline) throw new Failure(`The ${child.name} was not ready within ${READY_WITHIN_MS / 1000} s.`, child.lastLines);
    }
  }
});

/** @param {string} relay */
async function isReady(relay) {
  try {
    return (await fetch(`${relay}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}
