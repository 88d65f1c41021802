import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from './failure.mjs';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

const binFolder = join(root, 'node_modules', '.bin');

/** Node 24 from the npm package `node`; the one that runs this script may be older. */
export const nodeBinary = () => {
  const installed = join(binFolder, 'node');
  return existsSync(installed) ? installed : process.execPath;
};

/** The environment of what we start: our own tools come first. */
export const toolEnvironment = () => ({ ...process.env, PATH: `${binFolder}${delimiter}${process.env['PATH'] ?? ''}` });

/** The environment without our own tools, for npm: it replaces the folder in which they are. */
export const outerEnvironment = () => {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return { ...process.env, PATH: folders.join(delimiter) };
};

/** A relative one counts from where one is, as the relay and the runner read it; `~` is nobody's but the shell's. */
export const pizzapiHome = () => {
  const given = process.env['PIZZAPI_HOME']?.trim();
  if (given && /^~(\/|$)/.test(given))
    throw new Failure(`PIZZAPI_HOME is "${given}", and only a shell reads "~" as your home directory; write that out.`);
  return resolve(given || join(homedir(), '.pizzapi'));
};

/**
 * npm runs a script in its package's folder; the paths in the environment are meant from where somebody typed the command.
 * @param {string} script what npm calls it: another's `INIT_CWD` is not ours
 */
export function goWhereTyped(script) {
  const { npm_lifecycle_event: running, INIT_CWD: typedIn } = process.env;
  if (running === script && typedIn) process.chdir(typedIn);
}

/** Where the build puts what is started. */
export const built = {
  relay: join(root, 'dist/relay/bundle/main.js'),
  openapi: join(root, 'dist/relay/apps/relay/src/openapi.js'),
  runner: join(root, 'dist/runner/apps/runner/src/main.js'),
  web: join(root, 'dist/web/index.html'),
};
