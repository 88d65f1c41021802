import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { agentEnvironment } from '../../config/agent-environment.js';
import { processStartedAt } from '../../worker-state/process-table.js';
import type { WorkerBoot } from '../../worker-state/worker-boot.js';
import type { ProcessIdentity } from '../../worker-state/worker-state.js';

/** Small young generation: an idle worker must stay under 200 MB, and with V8's default it swings by 50. */
const WORKER_FLAGS = ['--max-semi-space-size=2', '--enable-source-maps', '--no-warnings'];
const WORKER_ENTRY = fileURLToPath(new URL('../../worker/main.js', import.meta.url));

export interface LaunchedWorker {
  identity: ProcessIdentity;
  child: ChildProcess;
}

/**
 * Starts a worker in a process group of its own, so that neither Ctrl+C nor the daemon's end reaches it.
 *
 * @throws when the system cannot start it (no such cwd, too many processes)
 */
export async function launchWorker(boot: WorkerBoot, logDescriptor: number): Promise<LaunchedWorker> {
  const child = spawn(process.execPath, [...WORKER_FLAGS, WORKER_ENTRY], {
    cwd: boot.cwd,
    detached: true,
    env: agentEnvironment(boot.sessionId),
    stdio: ['pipe', logDescriptor, logDescriptor],
  });
  const started = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.stdin?.on('error', () => undefined); // it died before it read; its exit is what counts
  child.stdin?.end(JSON.stringify(boot));
  try {
    await started;
    return { identity: identityOf(child), child };
  } catch (error) {
    child.kill('SIGKILL'); // it may run: nobody would know it
    throw error;
  } finally {
    child.unref();
  }
}

function identityOf({ pid = 0 }: ChildProcess): ProcessIdentity {
  return { pid, startedAt: processStartedAt(pid) ?? 'gone' };
}
