import { createBun } from './bun/bun.js';
import { DaemonLink } from './daemon-link.js';
import { saidBy } from './service-fault.js';
import { ServiceLife } from './service-life.js';
import { SpareServers } from './spare-servers.js';
import { startWarden } from './warden.js';

const link = new DaemonLink();
startWarden((error) => console.error('Nothing will end this service if it hangs while the runner is killed:', error));
const servers = new SpareServers();
await servers.fill();
const bun = createBun(servers, (text) => void link.tell({ type: 'note', text }));
Object.defineProperty(globalThis, 'Bun', { value: bun, configurable: true, writable: true });

const life = new ServiceLife(link, servers, bun);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void life.end());
// Where the daemon is gone nobody reads what is printed, and `dispose` may print all the same.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
// Only looks on: whether the process ends of it is Node's rule, or the service's own.
process.on('uncaughtExceptionMonitor', (error) => void link.tell({ type: 'uncaught', error: saidBy(error) }));
// The service's own children are in its process group, and nobody else is left to end them.
link.onGone(() => void life.end(endGroup));
link.onMessage((message) => life.onMessage(message));
await link.tell({ type: 'ready' });

function endGroup(): void {
  process.kill(-process.pid, 'SIGKILL');
}
