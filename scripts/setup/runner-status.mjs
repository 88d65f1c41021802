import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads the daemon's `run/status.json`: `{state: "online" | "offline", since: <ISO time>}`.
 * @param {string} home
 * @param {number} notBefore a file left by an earlier daemon says nothing about this one
 */
export function runnerOnline(home, notBefore) {
  try {
    const { state, since } = JSON.parse(readFileSync(join(home, 'run', 'status.json'), 'utf8'));
    return state === 'online' && Date.parse(since) >= notBefore;
  } catch {
    // Not written yet, or just being written.
    return false;
  }
}
