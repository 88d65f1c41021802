import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../setup/failure.mjs';
import { root } from '../setup/paths.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {number} budgetS how long it may take on two cores; at twice that it is ended
 * @property {(reportFile: string) => string[]} command arguments of Node that write a JSON report
 */

const MINUTE = 60;

/**
 * @param {string} project of vitest.config.ts
 * @param {string[]} files default: all
 */
const vitest =
  (project, ...files) =>
  (/** @type {string} */ report) => [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...files,
    ...[
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
  ];

const ngTest = (/** @type {string} */ report) => [
  join(root, 'node_modules/@angular/cli/bin/ng.js'),
  'test',
  'web',
  ...['--no-watch', '--no-progress', '--reporters=default', '--reporters=json', `--output-file=${report}`],
];

/** @type {Suite[]} */
const always = [
  { name: 'unit', budgetS: 2 * MINUTE, command: vitest('unit') },
  { name: 'web', budgetS: 3 * MINUTE, command: ngTest },
  { name: 'integration', budgetS: 8 * MINUTE, command: vitest('integration*') },
  { name: 'e2e', budgetS: 11 * MINUTE, command: vitest('e2e') },
];

/** @type {Suite} */
const full = { name: 'full', budgetS: 95 * MINUTE, command: vitest('full') };

/**
 * What breaks things at random, at full length.
 * @type {Suite}
 */
export const chaos = {
  name: 'chaos',
  budgetS: 40 * MINUTE,
  command: vitest('full', 'e2e/chaos.full-spec.ts', 'e2e/triggers-survive.full-spec.ts'),
};

/**
 * @param {{isFull: boolean, only: readonly string[]}} choice only: names; none means all
 * @returns {Suite[]}
 */
export function chooseSuites({ isFull, only }) {
  const suites = (isFull ? [...always, full] : always).filter(({ name }) => name !== 'web' || hasWebTests());
  const unknown = only.find((name) => suites.every((suite) => suite.name !== name));
  if (unknown !== undefined)
    throw new Failure(`There is no suite "${unknown}" to run: ${suites.map(({ name }) => name).join(', ')}.`);
  return only.length === 0 ? suites : suites.filter(({ name }) => only.includes(name));
}

function hasWebTests() {
  const file = join(root, 'angular.json');
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).projects?.web?.architect?.test !== undefined;
}
