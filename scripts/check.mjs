#!/usr/bin/env node
// `npm run check`: everything about the code that can be known without running it. Names as arguments choose.
import { chooseChecks } from './checks/checks.mjs';
import { helpIsAsked } from './cli/help.mjs';
import { CHECK } from './cli/usages.mjs';
import { requireDependencies } from './setup/dependencies.mjs';
import { Failure, runMain } from './setup/failure.mjs';
import { say, seconds } from './setup/log.mjs';

const AT_ONCE = 2;

/** What a check cannot do, as a build that fails, is its failure; the others go on. @param {unknown} error */
const asResult = (error) => ({
  ok: false,
  output: error instanceof Failure ? [...error.lastLines, error.message].join('\n') : String(error),
});

await runMain(async () => {
  if (helpIsAsked(CHECK)) return;
  const queue = chooseChecks(process.argv.slice(2));
  requireDependencies();

  /** @type {string[]} */
  const failed = [];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const startedAt = performance.now();
      const { ok, output } = await next.check().catch(asResult);
      say(`${ok ? '✓' : '✗'} ${next.name.padEnd(22)} ${seconds(performance.now() - startedAt).padStart(7)}`);
      if (ok) continue;
      failed.push(next.name);
      say(`${output.trim()}\n${next.advice}`.trim().replace(/^/gm, '    '));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failed.length > 0) throw new Failure(`${failed.length} of the checks failed: ${failed.join(', ')}.`);
  say('Everything is in order.');
});
