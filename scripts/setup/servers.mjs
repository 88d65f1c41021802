import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { say } from './log.mjs';
import { findProgram, installPackages } from './system-packages.mjs';

const findRedis = () => findProgram(['redis-server', 'valkey-server']);
const findChromium = () =>
  process.env['CHROMIUM_PATH'] || findProgram(['chromium', 'chromium-browser', 'google-chrome']);

/** Debian keeps PostgreSQL's programs off PATH, in a folder per version. */
function findPostgres() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  return versions.map((version) => join(debian, version, 'bin', 'initdb')).find(existsSync) ?? findProgram(['initdb']);
}

/** A server for the relay to start, unless there is one at `REDIS_URL`. */
export async function ensureRedis() {
  if (process.env['REDIS_URL'] || findRedis() !== null) return;
  await installPackages('redis');
  if (findRedis() === null)
    throw new Failure('Redis was installed, but neither redis-server nor valkey-server is on PATH.');
}

/** What confines agents' tools. Where it cannot be installed everything else works, and sessions say that they have no sandbox. */
export async function ensureSandbox() {
  const needed = process.platform === 'darwin' ? ['rg'] : ['bwrap', 'socat', 'rg'];
  if (needed.every((name) => findProgram([name]) !== null)) return;
  try {
    await installPackages('sandbox');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(`${error.message}\nUntil then sessions run without a sandbox.`);
  }
}

export async function ensureChromium() {
  if (findChromium() === null) await installPackages('chromium');
}

/** PostgreSQL is not needed for the product: where it cannot be installed, its tests say that they were skipped. */
export async function ensurePostgres() {
  if (findPostgres() !== null) return;
  try {
    await installPackages('postgres');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(`${error.message}\nUntil then the tests on PostgreSQL are skipped.`);
  }
}
