#!/usr/bin/env node
// `npm run build`: what changed of relay, runner and console; names as arguments choose (`npm run build relay`).
import { helpIsAsked } from './cli/help.mjs';
import { BUILD } from './cli/usages.mjs';
import { ensureBuild } from './setup/build.mjs';
import { Failure, runMain } from './setup/failure.mjs';

/** @returns {(import('./setup/build.mjs').Project)[] | undefined} */
function chosen() {
  const names = process.argv.slice(2);
  if (names.length === 0) return undefined;
  return names.map((name) => {
    if (name === 'relay' || name === 'runner' || name === 'web') return name;
    throw new Failure(`There is no "${name}" to build: relay, runner, web.`);
  });
}

await runMain(async () => {
  if (!helpIsAsked(BUILD)) await ensureBuild({ only: chosen() });
});
