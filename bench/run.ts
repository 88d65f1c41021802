import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SuiteResult, writeResults } from './measure/results-file.js';
import type { Suite } from './measure/suite.js';
import { markdownOf, tableOf } from './measure/table.js';
import { consolePage } from './suites/console/console.suite.js';
import { fanOut } from './suites/fan-out.suite.js';
import { latency } from './suites/latency.suite.js';
import { relay } from './suites/relay/relay.suite.js';
import { sandbox } from './suites/sandbox.suite.js';
import { sessionList } from './suites/session-list/session-list.suite.js';
import { subagent } from './suites/subagent.suite.js';
import { triggers } from './suites/triggers/triggers.suite.js';
import { tunnel } from './suites/tunnel/tunnel.suite.js';
import { worker } from './suites/worker.suite.js';

const suites: Suite[] = [fanOut, latency, relay, worker, sandbox, subagent, sessionList, triggers, tunnel, consolePage];

process.exitCode = await main(process.argv.slice(2));
// A suite that was cut off may hold connections; its processes end with this one.
process.exit();

/** `npm run bench`, or `npm run bench -- fan-out latency`; with `--markdown` the tables come as in docs/benchmarks.md. */
async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    console.error(`There is no benchmark "${unknown.join('", "')}": ${suites.map(({ name }) => name).join(', ')}.`);
    return 64;
  }
  const startedAt = new Date();
  const results: SuiteResult[] = [];
  for (const suite of suites.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.log(`\n── ${suite.name} (at most ${suite.budgetS} s)`);
    const result = await runSuite(suite);
    results.push(result);
    if (result.figures.length > 0) console.log((args.includes('--markdown') ? markdownOf : tableOf)(result.figures));
    if (result.failure !== null) console.log(`No figures: ${result.failure}`);
    console.log(`took ${(result.tookMs / 1_000).toFixed(1)} s`);
  }
  console.log(`\nWritten to ${writeResults(startedAt, results)}`);
  // A missed bar is a figure like any other; one that could not be measured is a failure.
  return results.some(({ failure }) => failure !== null) ? 1 : 0;
}

async function runSuite(suite: Suite): Promise<SuiteResult> {
  const startedAt = performance.now();
  const folder = mkdtempSync(join(tmpdir(), `pizzapi-bench-${suite.name}-`));
  const cutOff = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => cutOff.reject(new Error(`It needed more than ${suite.budgetS} s.`)),
    suite.budgetS * 1_000,
  );
  const took = (): number => Math.round(performance.now() - startedAt);
  try {
    const figures = await Promise.race([
      suite.run({ folder, say: (text) => console.log(`   ${text}`) }),
      cutOff.promise,
    ]);
    return { suite: suite.name, tookMs: took(), figures, failure: null };
  } catch (error) {
    return {
      suite: suite.name,
      tookMs: took(),
      figures: [],
      failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  } finally {
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
