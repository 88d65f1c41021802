import { fileURLToPath } from 'node:url';
import { loadRunnerConfig } from '../config/runner-config.js';
import { createLogger } from '../logging/logger.js';
import { Supervisor } from './supervisor.js';

/** `pizzapi runner`. @throws ConfigError before anything is started */
export async function runSupervisor(): Promise<number> {
  const { layout } = loadRunnerConfig();
  const logger = createLogger('supervisor');
  const daemonEntry = fileURLToPath(new URL('../daemon/main.js', import.meta.url));
  const supervisor = new Supervisor({ daemonEntry, layout, logger });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => supervisor.stop(signal));
  return supervisor.run();
}
