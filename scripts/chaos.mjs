#!/usr/bin/env node
// `npm run chaos`: builds, then kills and cuts at random while it counts what arrives. `npm run chaos -- 4711` replays the run with that seed.
import { helpIsAsked } from './cli/help.mjs';
import { CHAOS } from './cli/usages.mjs';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { Failure, runMain } from './setup/failure.mjs';
import { say, seconds } from './setup/log.mjs';
import { ensurePostgres, ensureRedis } from './setup/servers.mjs';
import { runSuite } from './suites/run-suite.mjs';
import { chaos } from './suites/suites.mjs';

await runMain(async () => {
  if (helpIsAsked(CHAOS)) return;
  const [seed] = process.argv.slice(2);
  if (seed !== undefined) {
    if (!/^\d+$/.test(seed)) throw new Failure(`A seed is a number, as a failed run prints it: "${seed}" is none.`);
    process.env['PIZZAPI_CHAOS_SEED'] = seed;
  }
  await ensureDependencies();
  await ensureRedis();
  await ensurePostgres();
  await ensureBuild({ only: ['relay', 'runner'] });
  const { passed, failed, tookMs, note } = await runSuite(chaos);
  say(`\n${passed} passed, ${failed} failed in ${seconds(tookMs)}  ${note}`.trimEnd());
  process.exitCode = failed === 0 ? 0 : 1;
});
