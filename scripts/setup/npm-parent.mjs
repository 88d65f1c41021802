import { existsSync, readFileSync } from 'node:fs';

const CHECK_MS = 250;

/**
 * Tells once when the npm that runs this script is gone: a killed npm does not always pass the signal on, and nobody would be left to
 * press Ctrl+C. Does nothing for a script that npm does not run, and keeps no process alive.
 * @param {() => void} tell
 */
export function onNpmGone(tell) {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const npm = pidOfNpm();
  const timer = setInterval(() => {
    if (pidOfNpm() === npm) return;
    clearInterval(timer);
    tell();
  }, CHECK_MS);
  timer.unref();
}

/** Our parent, or its parent where a shell that npm starts stays in between; that shell outlives a killed npm. */
function pidOfNpm() {
  const parent = `/proc/${process.ppid}`;
  // Elsewhere (macOS) npm's shell makes way for the script.
  if (!existsSync(parent)) return process.ppid;
  try {
    const [, option] = readFileSync(`${parent}/cmdline`, 'utf8').split('\0');
    if (option !== '-c') return process.ppid;
    const stat = readFileSync(`${parent}/stat`, 'utf8');
    // The name before may hold anything, also brackets and spaces.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // Gone while we looked; by now we have another parent.
    return process.ppid;
  }
}
