#!/usr/bin/env node
// `npm run bench`: builds, then measures (docs/benchmarks.md). `npm run bench -- fan-out relay` chooses.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { helpIsAsked } from './cli/help.mjs';
import { BENCH } from './cli/usages.mjs';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { runMain } from './setup/failure.mjs';
import { step } from './setup/log.mjs';
import { nodeBinary, root, toolEnvironment } from './setup/paths.mjs';
import { mustRun } from './setup/run-command.mjs';
import { ensureChromium, ensurePostgres, ensureRedis, ensureSandbox } from './setup/servers.mjs';

await runMain(async () => {
  if (helpIsAsked(BENCH)) return;
  await ensureDependencies();
  await ensureRedis();
  await ensureSandbox();
  await ensureChromium();
  await ensurePostgres();
  await ensureBuild();
  const env = toolEnvironment();
  const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
  await step('Building the benchmarks', () =>
    mustRun(nodeBinary(), [nest, 'build', 'bench'], { env, failure: 'Building the benchmarks failed.' }),
  );
  const child = spawn(nodeBinary(), [join(root, 'dist/bench/bench/run.js'), ...process.argv.slice(2)], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  // Ctrl+C reaches the child as well, which ends what it has started.
  process.on('SIGINT', () => undefined);
  process.exitCode = await new Promise((settle) => child.once('close', (code) => settle(code ?? 1)));
});
