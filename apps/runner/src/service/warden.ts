import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { LIFELINE_FD } from '../service-link/lifeline.js';

/** Reads until the pipe ends, waits for longer than `dispose` may take, and ends its own process group, unless the daemon is alive after all. */
const WATCH = 'read -r _; sleep 8; kill -0 "$1" 2>/dev/null || kill -9 0';

/**
 * Sees to it that nothing is left of the service when the daemon was killed, though the service's own event loop may be blocked and notice
 * nothing. A shell, because a thread that does the same takes 17 MB. It ends with the process group.
 */
export function startWarden(onError: (error: Error) => void): void {
  const warden = spawn('/bin/sh', ['-c', WATCH, 'warden', String(process.ppid)], {
    stdio: [LIFELINE_FD, 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] },
  });
  warden.once('error', onError);
  warden.unref();
  closeSync(LIFELINE_FD);
}
