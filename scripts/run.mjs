#!/usr/bin/env node
// `npm run relay`, `npm run runner`, `npm run pizzapi -- …` and bin/pizzapi: one process from a build, configured by the environment alone.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { helpIsAsked, refuseArguments } from './cli/help.mjs';
import { RELAY } from './cli/usages.mjs';
import { Failure, runMain } from './setup/failure.mjs';
import { onNpmGone } from './setup/npm-parent.mjs';
import { built, goWhereTyped } from './setup/paths.mjs';

const OLDEST_NODE = 22;
const commands = {
  relay: { file: built.relay, args: [] },
  runner: { file: built.runner, args: ['runner'] },
  pizzapi: { file: built.runner, args: [] },
};

await runMain(async () => {
  const [name, ...rest] = process.argv.slice(2);
  if (name !== 'relay' && name !== 'runner' && name !== 'pizzapi')
    throw new Failure('Usage: node scripts/run.mjs relay|runner|pizzapi');
  const { file, args } = commands[name];
  if (name === 'relay') {
    if (helpIsAsked(RELAY, rest)) return;
    refuseArguments('npm run relay', rest);
  }
  // The relay serves the console, which is built with it.
  const build = name === 'relay' ? 'npm run build' : 'npm run build runner';
  if (!existsSync(file))
    throw new Failure(`There is no build of the ${name === 'relay' ? 'relay' : 'runner'}. Run: npm ci && ${build}`);
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Failure(
      `This is Node ${process.versions.node}. Run: npm run ${name} (npm uses the Node of our dependencies)`,
    );
  }
  goWhereTyped(name);
  // In this process, so that signals, exit code and terminal are the process's own.
  onNpmGone(() => process.kill(process.pid, 'SIGTERM'));
  process.argv = [process.execPath, file, ...args, ...rest];
  await import(pathToFileURL(file).href);
});
