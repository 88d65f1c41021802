import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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

interface Asked {
  suites: Suite[];
  table: typeof tableOf;
}

process.exitCode = await main(process.argv.slice(2));
// A suite that was cut off may hold connections; its processes end with this one.
process.exit();

/** `npm run bench`, or `npm run bench -- fan-out latency`; with `--markdown` the tables come as in docs/benchmarks.md. */
async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (typeof asked === 'number') return asked;
  const startedAt = new Date();
  const results: SuiteResult[] = [];
  for (const suite of asked.suites) {
    console.log(`\n── ${suite.name} (at most ${suite.budgetS} s)`);
    const result = await runSuite(suite);
    results.push(result);
    if (result.figures.length > 0) console.log(asked.table(result.figures));
    if (result.failure !== null) console.log(`No figures: ${result.failure}`);
    console.log(`took ${(result.tookMs / 1_000).toFixed(1)} s`);
  }
  console.log(`\nWritten to ${writeResults(startedAt, results)}`);
  // A missed bar is a figure like any other; one that could not be measured is a failure.
  return results.some(({ failure }) => failure !== null) ? 1 : 0;
}

/** What to run, or the code to exit with: nothing is measured by mistake, because all of it takes a quarter of an hour. */
function readArguments(args: readonly string[]): Asked | number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { markdown: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) {
      console.log(usage());
      return 0;
    }
    const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name));
    if (unknown.length > 0) throw new Error(`There is no benchmark "${unknown.join('", "')}".`);
    return {
      suites: suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
      table: values.markdown === true ? markdownOf : tableOf,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage()}`);
    return 64;
  }
}

function usage(): string {
  const names = suites.map(({ name, budgetS }) => `  ${name.padEnd(14)} at most ${budgetS} s`);
  return [
    'npm run bench -- [--markdown] [BENCHMARK...]',
    '',
    'Measures the product on this machine (docs/benchmarks.md); without a name, everything:',
    '',
    ...names,
    '',
    '  --markdown     prints the tables as docs/benchmarks.md has them',
    '  -h, --help     prints this',
  ].join('\n');
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
