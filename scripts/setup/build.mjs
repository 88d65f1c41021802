import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleRelay } from './bundle-relay.mjs';
import { compressConsole } from './compress-console.mjs';
import { fingerprint } from './fingerprint.mjs';
import { step } from './log.mjs';
import { built, nodeBinary, root, toolEnvironment } from './paths.mjs';
import { mustRun } from './run-command.mjs';

/** @typedef {'relay' | 'runner' | 'web'} Project */

const stateFile = join(root, 'dist', '.build-state.json');
const shared = ['tsconfig.json', 'package-lock.json', 'libs/protocol', 'scripts/setup'];

/** @type {Record<Project, {sources: string[], tool: string[], finish?: () => void | Promise<void>}>} */
const projects = {
  relay: {
    sources: [...shared, 'nest-cli.json', 'apps/relay', 'libs/tunnel'],
    tool: ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'relay'],
    finish: bundleRelay,
  },
  runner: {
    sources: [
      ...shared,
      'nest-cli.json',
      'apps/runner',
      'libs/agent',
      'libs/mcp',
      'libs/plugins',
      'libs/sandbox',
      'libs/tunnel',
      'libs/service-sdk',
    ],
    tool: ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'runner'],
  },
  web: {
    sources: [...shared, 'angular.json', 'apps/web', 'libs/api-client'],
    tool: ['node_modules/@angular/cli/bin/ng.js', 'build', 'web'],
    finish: compressConsole,
  },
};

/**
 * Builds what changed since the last successful build.
 * @param {{only?: readonly Project[]}} [options]
 */
export async function ensureBuild({ only } = {}) {
  /** @type {Project[]} */
  const known = hasConsole() ? ['relay', 'runner', 'web'] : ['relay', 'runner'];
  const wanted = known.filter((project) => only === undefined || only.includes(project));
  const state = readState();
  const stale = wanted
    .map((project) => ({ project, print: fingerprint(projects[project].sources) }))
    .filter(({ project, print }) => state[project]?.hash !== print.hash || !existsSync(built[project]));
  if (stale.length === 0) return;
  await step(`Building ${stale.map(({ project }) => project).join(', ')}`, async () => {
    const builds = stale.map(async ({ project, print }) => {
      clearStaleOutput(project, state[project]?.files ?? [], print.files);
      await build(project);
      state[project] = print;
    });
    const results = await Promise.allSettled(builds);
    mkdirSync(join(root, 'dist'), { recursive: true });
    writeFileSync(stateFile, JSON.stringify(state));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  });
}

/** The console has its own toolchain, which is known by angular.json's entry. */
function hasConsole() {
  const file = join(root, 'angular.json');
  return existsSync(file) && 'web' in JSON.parse(readFileSync(file, 'utf8')).projects;
}

/**
 * TypeScript's incremental build never deletes: the output of a source that is gone would still be loaded.
 * @param {Project} project
 * @param {readonly string[]} before
 * @param {readonly string[]} now
 */
function clearStaleOutput(project, before, now) {
  const present = new Set(now);
  if (existsSync(built[project]) && before.length > 0 && before.every((file) => present.has(file))) return;
  rmSync(join(root, 'dist', project), { recursive: true, force: true });
  rmSync(join(root, 'dist', `${project}.tsbuildinfo`), { force: true });
}

/** @param {Project} project */
async function build(project) {
  const env = { ...toolEnvironment(), NG_CLI_ANALYTICS: 'false' };
  await mustRun(nodeBinary(), projects[project].tool, {
    env,
    failure: `Building ${project} failed; its last lines are above.`,
  });
  await projects[project].finish?.();
}

/** @returns {Partial<Record<Project, import('./fingerprint.mjs').Fingerprint>>} */
const readState = () => (existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : {});
