#!/usr/bin/env node
// `npm start`: everything that is needed, then a relay and a runner. No dependencies, and Node 20: it runs before `npm ci`.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { helpIsAsked, refuseArguments } from './cli/help.mjs';
import { START } from './cli/usages.mjs';
import { relayAddress } from './setup/address.mjs';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { Failure, runMain } from './setup/failure.mjs';
import { say, step } from './setup/log.mjs';
import { ManagedProcess } from './setup/managed-process.mjs';
import { built, goWhereTyped, pizzapiHome, toolEnvironment } from './setup/paths.mjs';
import { START_MARK } from './setup/process-tree.mjs';
import { ensureRedis, ensureSandbox } from './setup/servers.mjs';
import { Shutdown } from './setup/shutdown.mjs';

const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;
const RUNNER_ONLINE = /"msg":"online\b/;

await runMain(async () => {
  if (helpIsAsked(START)) return;
  refuseArguments('npm start');
  goWhereTyped('start');
  const mark = randomUUID();
  const shutdown = new Shutdown(mark);
  try {
    const home = pizzapiHome();
    const address = await relayAddress();
    await ensureDependencies();
    await ensureBuild();
    await ensureRedis();
    await ensureSandbox();
    if (shutdown.isAsked) return;

    const env = {
      ...toolEnvironment(),
      PIZZAPI_HOME: home,
      PIZZAPI_PORT: String(address.port),
      [START_MARK]: mark,
    };
    const logFolder = join(home, 'logs');
    const relay = shutdown.own(new ManagedProcess('relay', [built.relay], { env, logFolder }));
    await step('Starting the relay', () => inTime(relay, untilReady(address.local)));

    const runnerEnv = { ...env, PIZZAPI_RELAY_URL: address.local, PIZZAPI_ENROLMENT_FILE: enrolmentFile() };
    const runner = shutdown.own(new ManagedProcess('runner', [built.runner, 'runner'], { env: runnerEnv, logFolder }));
    await step('Starting the runner', () => inTime(runner, runner.logged(RUNNER_ONLINE)));

    say(`Data: ${home}   Logs: ${logFolder}   Stop: Ctrl+C`);
    say(`Console: ${address.console}`);
    await shutdown.wait();
  } finally {
    await shutdown.finish();
  }

  /**
   * @param {ManagedProcess} child
   * @param {Promise<void>} fact
   */
  async function inTime(child, fact) {
    const timeout = new AbortController();
    const late = delay(READY_WITHIN_MS, undefined, { signal: timeout.signal }).then(() => {
      throw new Failure(`The ${child.name} was not ready within ${READY_WITHIN_MS / 1000} s.`, child.unseenLines);
    });
    late.catch(() => undefined);
    await Promise.race([fact, shutdown.interrupted, late]).finally(() => timeout.abort());
  }
});

/**
 * Polls: nothing tells a process outside when a port answers.
 * @param {string} relay
 */
async function untilReady(relay) {
  while (!(await isReady(relay))) await delay(POLL_MS, undefined, { ref: false });
}

/** @param {string} relay */
async function isReady(relay) {
  try {
    return (await fetch(`${relay}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}

/** The relay writes its one-time secret into its data directory, which may lie elsewhere than the home. */
function enrolmentFile() {
  return join(process.env['PIZZAPI_DATA_DIR']?.trim() || join(pizzapiHome(), 'relay'), 'enrolment-secret');
}
