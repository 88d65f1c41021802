import { relative } from 'node:path';
import type { DaemonMessage, ServiceStart } from '../service-link/messages.js';
import type { DaemonLink } from './daemon-link.js';
import { loadService } from './load-service.js';
import { RunnerSocket } from './runner-socket.js';
import { saidBy, ServiceFault } from './service-fault.js';
import { useKey, watchForRefusals } from './service-key.js';
import { ServicePanel } from './service-panel.js';
import type { SpareServers } from './spare-servers.js';
import type { UserService } from './user-service.js';
import { within } from '../time-limit/within.js';

/** Parting words have this long to reach the daemon. */
const FAREWELL_MS = 1_000;

/** One service from the daemon's `start` to the end of the process. */
export class ServiceLife {
  private readonly socket = new RunnerSocket((text) => this.note(text));
  private service: UserService | undefined;
  private panel: ServicePanel | undefined;
  private disposeMs = 1_000;
  private subscriptions: ServiceStart['subscriptions'] = [];
  private isRunning = false;
  private isEnding = false;

  constructor(
    private readonly link: DaemonLink,
    private readonly servers: SpareServers,
    private readonly bun: object,
  ) {}

  onMessage(message: DaemonMessage): void {
    switch (message.type) {
      case 'start':
        return void this.start(message).catch((error: unknown) => this.fail(error));
      case 'key':
        return useKey(message.apiKey);
      case 'subscriptions':
        this.subscriptions = message.subscriptions;
        if (this.isRunning) this.socket.tellSubscriptions(message.subscriptions);
        return;
      case 'ping':
        return void this.link.tell({ type: 'pong' });
      case 'stop':
        return void this.end();
    }
  }

  /** Lets the service put things in order, then ends the process, and with it all that it left open. */
  async end(exit: () => void = () => process.exit(0)): Promise<void> {
    if (this.isEnding) return;
    this.isEnding = true;
    const late = (): Error => new Error(`dispose() was not done within ${this.disposeMs / 1_000} s`);
    const disposed = this.service?.call('dispose') ?? Promise.resolve();
    await within(this.disposeMs, disposed, late).catch((error: unknown) => console.error('dispose:', error));
    this.servers.closeAll();
    exit();
  }

  private async start(start: ServiceStart): Promise<void> {
    this.disposeMs = start.deadlines.disposeMs;
    this.subscriptions = start.subscriptions;
    useKey(start.apiKey);
    if (start.relayUrl !== null)
      watchForRefusals(start.relayUrl, (apiKey) => void this.link.tell({ type: 'key-refused', apiKey }));
    this.panel = new ServicePanel(start.panelDir, this.servers, this.link);
    this.panel.waitForAnnouncement(start.entry === null ? 0 : start.deadlines.panelMs);
    if (start.entry !== null) await this.init(start, start.entry, this.panel);
    if (this.isEnding) return;
    this.isRunning = true;
    await this.link.tell({ type: 'running' });
    this.socket.tellSubscriptions(this.subscriptions);
  }

  private async init(start: ServiceStart, entry: string, panel: ServicePanel): Promise<void> {
    const name = `${start.folder}/${relative(process.cwd(), entry)}`;
    const { serviceId, cacheDir, deadlines } = start;
    const service = await loadService({ entry, name, serviceId, cacheDir, bun: this.bun });
    this.service = service;
    const announcePanel = (port: unknown): void => panel.announce(port);
    const late = (): Error =>
      new ServiceFault(`${name}: init was not done within ${deadlines.initMs / 1_000} s`, false);
    const initialised = service.call('init', this.socket, { announcePanel }).catch((error: unknown) => {
      throw new ServiceFault(`${name}: init threw: ${saidBy(error)}`, false, { cause: error });
    });
    await within(deadlines.initMs, initialised, late);
  }

  private async fail(error: unknown): Promise<void> {
    if (this.isEnding) return;
    this.isEnding = true;
    console.error(error instanceof ServiceFault ? (error.cause ?? error.message) : error);
    const isFinal = error instanceof ServiceFault && error.isFinal;
    const said = error instanceof ServiceFault ? error.message : saidBy(error);
    const told = this.link.tell({ type: 'failed', error: said, isFinal });
    await within(FAREWELL_MS, told, () => new Error('the runner does not listen')).catch(console.error);
    process.exit(1);
  }

  private note(text: string): void {
    void this.link.tell({ type: 'note', text });
  }
}
