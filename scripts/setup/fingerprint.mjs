import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './paths.mjs';

/** @typedef {{hash: string, files: string[]}} Fingerprint */

const isSource = (/** @type {string} */ path) =>
  !/(^|\/)(node_modules|dist|\.angular)(\/|$)|\.(int-|e2e-|full-)?spec\.ts$/.test(path);

/**
 * What a build depends on, by content: a checkout to and fro, which only touches times, builds nothing anew.
 * @param {readonly string[]} places files and folders, relative to `base`; missing ones count as empty
 * @param {string} [base] default: the repository
 * @returns {Fingerprint}
 */
export function fingerprint(places, base = root) {
  const files = places.flatMap((place) => filesIn(join(base, place), base)).sort();
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(base, file)))
      .update('\0');
  return { hash: hash.digest('hex'), files };
}

/**
 * @param {string} path
 * @param {string} base
 * @returns {string[]} relative to `base`
 */
function filesIn(path, base) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  const name = relative(base, path);
  if (!isSource(name)) return [];
  if (!stats.isDirectory()) return [name];
  return readdirSync(path).flatMap((entry) => filesIn(join(path, entry), base));
}
