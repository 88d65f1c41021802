import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from '../setup/build.mjs';
import { Failure } from '../setup/failure.mjs';
import { fingerprint } from '../setup/fingerprint.mjs';
import { generate, generated } from '../setup/generate.mjs';
import { nodeBinary, root, toolEnvironment } from '../setup/paths.mjs';
import { run } from '../setup/run-command.mjs';

/**
 * @typedef {{ok: boolean, output: string}} Result
 * @typedef {{name: string, advice: string, check: () => Promise<Result>}} Check
 */

/** Beside the tests they only get what those leave of the processors, and go on when those have ended. */
const LIMIT_MS = 20 * 60_000;

/**
 * @param {string} tool a file of node_modules
 * @param {readonly string[]} args
 * @returns {Promise<Result>}
 */
async function tool(tool, args) {
  const env = { ...toolEnvironment(), NO_COLOR: '1' };
  const { code, output, isTimedOut } = await run(nodeBinary(), [join(root, 'node_modules', tool), ...args], {
    env,
    timeoutMs: LIMIT_MS,
  });
  return { ok: code === 0, output: isTimedOut ? `${output}\nEnded after ${LIMIT_MS / 1000} s.` : output };
}

/** @param {string} project */
const types = (project) => tool('typescript/bin/tsc', ['--noEmit', '-p', project]);

/** Slow ones first, so that two at a time end together. @type {Check[]} */
export const checks = [
  {
    name: 'lint',
    advice: 'Correct the code: rules are not switched off in files.',
    check: () =>
      tool('eslint/bin/eslint.js', [
        '.',
        '--cache',
        '--cache-location',
        'node_modules/.cache/eslint/',
        '--cache-strategy',
        'content',
      ]),
  },
  { name: 'types', advice: '', check: () => types('tsconfig.json') },
  { name: 'build of the relay', advice: '', check: buildRelay },
  {
    // Angular's compiler, because only it reads the templates. The tests' project has all of the console's files; the build reads its own.
    name: 'types of the console',
    advice: '',
    check: () =>
      tool('@angular/compiler-cli/bundles/src/bin/ngc.js', ['-p', 'apps/web/tsconfig.spec.json', '--noEmit']),
  },
  { name: 'types of scripts', advice: '', check: () => types('scripts/tsconfig.json') },
  {
    name: 'boundaries',
    advice: 'Who may import what: docs/architecture.md, "Where things live".',
    check: () =>
      tool('dependency-cruiser/bin/dependency-cruiser.mjs', [
        '--config',
        '.dependency-cruiser.js',
        '--output-type',
        'err-long',
        'apps',
        'libs',
        'e2e',
        'bench',
      ]),
  },
  {
    name: 'unused code',
    advice: 'Remove it; what looks unused and is not, is an entry of knip.json.',
    check: () => tool('knip/bin/knip.js', ['--no-progress']),
  },
  {
    name: 'format',
    advice: 'Run: npm run format',
    check: () => tool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  },
  {
    name: 'generated files',
    advice: 'They were not up to date and have been generated anew: commit them.',
    check: generatedFiles,
  },
];

/**
 * @param {readonly string[]} names none: all
 * @throws {Failure} for a name that is none: nothing that did not run is in order
 */
export function chooseChecks(names) {
  const unknown = names.find((name) => checks.every((check) => check.name !== name));
  if (unknown !== undefined)
    throw new Failure(`There is no check "${unknown}": ${checks.map(({ name }) => name).join(', ')}.`);
  return checks.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** @type {Promise<void> | undefined} */
let relayBuild;

/** For the files that are generated from it; beside the other checks, because it takes one core. Once, whoever asks. @returns {Promise<Result>} */
async function buildRelay() {
  await (relayBuild ??= ensureBuild({ only: ['relay'] }));
  return { ok: true, output: '' };
}

/** Generates elsewhere: whoever reads the files meanwhile, such as tests, is not disturbed while they are in order. @returns {Promise<Result>} */
async function generatedFiles() {
  await buildRelay();
  const elsewhere = mkdtempSync(join(tmpdir(), 'pizzapi-generated-'));
  try {
    await generate(elsewhere);
    const ok = fingerprint(generated, elsewhere).hash === fingerprint(generated).hash;
    if (!ok) for (const place of generated) replace(join(root, place), join(elsewhere, place));
    return { ok, output: '' };
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
}

/** @param {string} place @param {string} source */
function replace(place, source) {
  rmSync(place, { recursive: true, force: true });
  cpSync(source, place, { recursive: true });
}
