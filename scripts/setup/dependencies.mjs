import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { say, step } from './log.mjs';
import { outerEnvironment, root } from './paths.mjs';
import { lastLines, run } from './run-command.mjs';
import { findProgram, installPackages } from './system-packages.mjs';

const lockFile = join(root, 'package-lock.json');
/** Inside node_modules, so that it disappears with what it speaks of. */
const stampFile = join(root, 'node_modules', '.pizzapi-lock-hash');

/** For what must not change anything: says what to do when node_modules is not what package-lock.json asks for. */
export function requireDependencies() {
  if (readStamp() !== lockHash() && !isInstalledAsLocked()) {
    throw new Failure('The installed dependencies are not those of package-lock.json. Run: npm ci');
  }
}

/** Runs `npm ci` unless node_modules is already what package-lock.json asks for. */
export async function ensureDependencies() {
  const hash = lockHash();
  if (readStamp() === hash) return;
  if (!isInstalledAsLocked()) {
    await step('Installing dependencies (a minute or two the first time)', installDependencies);
  }
  writeFileSync(stampFile, hash);
}

async function installDependencies() {
  let result = await npmCi();
  if (result.code !== 0 && /gyp|prebuild-install/.test(result.output) && lacksCompiler()) {
    say('  a dependency must be compiled here, and there is no compiler');
    await installPackages('compiler');
    result = await npmCi();
  }
  if (result.code !== 0) {
    throw new Failure(
      'npm ci failed (its last lines are above). Correct that, then start again.',
      lastLines(result.output),
    );
  }
}

// The build needs the development dependencies, whatever NODE_ENV says.
const npmCi = () => run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { env: outerEnvironment() });

const lacksCompiler = () => ['make', 'g++', 'python3'].some((program) => findProgram([program]) === null);

const lockHash = () => createHash('sha256').update(readFileSync(lockFile)).digest('hex');

const readStamp = () => (existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : null);

/** True after somebody ran `npm ci` by hand: npm's own record of what is installed then agrees with the lock file. */
function isInstalledAsLocked() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record) || !existsSync(join(root, 'node_modules', '.bin', 'node'))) return false;
  const wanted = lockedPackages(lockFile);
  const installed = lockedPackages(record);
  const isSame = (/** @type {string} */ path) => wanted[path]?.integrity === installed[path]?.integrity;
  return (
    Object.keys(installed).every((path) => wanted[path] !== undefined && isSame(path)) &&
    Object.entries(wanted).every(([path, { optional }]) => optional === true || path === '' || isSame(path))
  );
}

/**
 * @param {string} file
 * @returns {Record<string, {integrity?: string, optional?: boolean}>}
 */
const lockedPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
