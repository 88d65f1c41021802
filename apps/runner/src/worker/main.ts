import { text } from 'node:stream/consumers';
import { homeLayout } from '../config/home-layout.js';
import { createLogger } from '../logging/logger.js';
import { parseWorkerBoot } from '../worker-state/worker-boot.js';
import { openAgent } from './open-agent.js';
import { WorkerSession } from './worker-session.js';

const logger = createLogger('worker');
const boot = parseWorkerBoot(await text(process.stdin));
const layout = homeLayout(boot.home);
const session = new WorkerSession({
  boot,
  layout,
  logger,
  openAgent: (emit, ports) => openAgent(boot, layout, emit, ports),
  exit: (code) => process.exit(code),
});

// SIGTERM is the runner's end, or the machine's: the session stays active and comes back.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void session.end('shutdown'));
await session.start();
