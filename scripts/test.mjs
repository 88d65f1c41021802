#!/usr/bin/env node
// `npm test`: sets the machine up, builds, runs every suite. `npm test -- unit e2e` chooses, `npm run test:full` adds the
// long ones. Runs on Node 20 without dependencies until it has installed them.
import { helpIsAsked } from './cli/help.mjs';
import { TEST } from './cli/usages.mjs';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { runMain } from './setup/failure.mjs';
import { say, seconds } from './setup/log.mjs';
import { ensureChromium, ensurePostgres, ensureRedis, ensureSandbox } from './setup/servers.mjs';
import { runSuite } from './suites/run-suite.mjs';
import { chooseSuites } from './suites/suites.mjs';

await runMain(async () => {
  if (helpIsAsked(TEST)) return;
  const args = process.argv.slice(2);
  const suites = chooseSuites({
    isFull: args.includes('--full'),
    only: args.filter((arg) => !arg.startsWith('-')),
  });
  await ensureDependencies();
  await ensureRedis();
  await ensureSandbox();
  await ensureChromium();
  await ensurePostgres();
  await ensureBuild();

  /** @type {import('./suites/run-suite.mjs').Outcome[]} */
  const outcomes = [];
  for (const suite of suites) {
    say(`\n── ${suite.name} (budget ${suite.budgetS} s)`);
    outcomes.push(await runSuite(suite));
  }

  say('');
  for (const { name, passed, failed, skipped, tookMs, budgetS, note } of outcomes) {
    const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    say(`${name.padEnd(12)} ${counts.padEnd(34)} ${seconds(tookMs).padStart(8)} of ${budgetS} s  ${note}`.trimEnd());
  }
  const sum = (/** @type {'passed' | 'failed'} */ key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  for (const { name, failures } of outcomes) {
    for (const failure of failures) say(`\nFAILED ${name}: ${failure}`);
  }
  say(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
});
