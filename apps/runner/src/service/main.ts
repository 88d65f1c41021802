import { createBun } from './bun/bun.js';
import { DaemonLink } from './daemon-link.js';
import { saidBy } from './service-fault.js';
import { ServiceLife } from './service-life.js';
import { SpareServers } from './spare-servers.js';

const link = new DaemonLink();
const servers = new SpareServers();
await servers.fill();
const bun = createBun(servers, (text) => void link.tell({ type: 'note', text }));
Object.defineProperty(globalThis, 'Bun', { value: bun, configurable: true, writable: true });

const life = new ServiceLife(link, servers, bun);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void life.end());
// Only looks on: whether the process ends of it is Node's rule, or the service's own.
process.on('uncaughtExceptionMonitor', (error) => void link.tell({ type: 'uncaught', error: saidBy(error) }));
link.onGone(() => void life.end());
link.onMessage((message) => life.onMessage(message));
await link.tell({ type: 'ready' });
