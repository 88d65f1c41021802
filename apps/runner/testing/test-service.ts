import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WantedTriggers } from '@pizzapi/protocol';
import { waitFor } from '@pizzapi/testing';
import { discoverServices } from '../src/daemon/services/discovery/discover-services.js';
import { isBroken } from '../src/daemon/services/discovery/discovered-service.js';
import { ServiceLog } from '../src/daemon/services/logs/service-log.js';
import { DEFAULT_LIMITS, type ServiceLimits } from '../src/daemon/services/processes/service-limits.js';
import { ServiceProcess } from '../src/daemon/services/processes/service-process.js';
import { SupervisedService, type ServiceStatus } from '../src/daemon/services/processes/supervised-service.js';
import { StartSlots } from '../src/daemon/turns/start-slots.js';
import { ServicesFolder } from './services-folder.js';

const PROGRAM = fileURLToPath(new URL('../../../dist/runner/apps/runner/src/service/main.js', import.meta.url));

/** Patient enough for a busy machine, and short enough for a test. */
const LIMITS: ServiceLimits = {
  ...DEFAULT_LIMITS,
  maxMemoryMb: 512,
  firstPauseMs: 20,
  lastPauseMs: 100,
  disposeMs: 2_000,
};

export interface TestServiceOptions {
  limits?: Partial<ServiceLimits>;
  env?: Record<string, string>;
  apiKey?: string;
  relayUrl?: string;
  subscriptions?: WantedTriggers['subscriptions'];
}

/** One supervised service in a folder of its own, with its real process. Needs the built runner. */
export class TestService implements AsyncDisposable {
  readonly statuses: ServiceStatus[] = [];
  readonly refusedKeys: string[] = [];
  readonly pids: number[] = [];

  private constructor(
    readonly folder: ServicesFolder,
    readonly supervised: SupervisedService,
    readonly log: ServiceLog,
  ) {}

  /** @param files of the service `my-service`; a manifest is made where there is none */
  static async start(files: Record<string, unknown>, options: TestServiceOptions = {}): Promise<TestService> {
    const folder = new ServicesFolder();
    folder.write('my-service', { 'manifest.json': { id: 'my-service', label: 'My Service' }, ...files });
    const [service] = await discoverServices([{ dir: folder.path, plugin: null }]);
    if (!service || isBroken(service)) throw new Error(service?.error ?? 'not discovered');
    const log = new ServiceLog(join(folder.path, '.log'));
    const limits = { ...LIMITS, ...options.limits };
    const { initMs, disposeMs, panelMs } = limits;
    const { relayUrl = null, apiKey = null, subscriptions = [] } = options;
    const supervised: SupervisedService = new SupervisedService(service, {
      limits,
      log,
      slots: new StartSlots(2, 60_000),
      onChange: () => test.statuses.push(supervised.status),
      launch: (events) =>
        new ServiceProcess(
          {
            program: PROGRAM,
            cwd: service.path,
            env: { PATH: process.env['PATH'], HOME: folder.path, ...options.env },
            limits,
            log,
            start: () => ({
              type: 'start',
              serviceId: 'my-service',
              folder: service.folder,
              entry: service.entry,
              panelDir: service.panelDir,
              cacheDir: join(folder.path, '.cache'),
              relayUrl,
              apiKey,
              subscriptions,
              deadlines: { initMs, disposeMs, panelMs },
            }),
          },
          {
            ...events,
            onStarted: (pid) => {
              test.pids.push(pid);
              events.onStarted(pid);
            },
            onKeyRefused: (key) => test.refusedKeys.push(key),
          },
        ),
    });
    const test = new TestService(folder, supervised, log);
    supervised.start();
    return test;
  }

  get status(): ServiceStatus {
    return this.supervised.status;
  }

  /** Every line of its log as `stream: text`. */
  get lines(): string[] {
    return this.log.read(5_000).lines.map(({ stream, text }) => `${stream}: ${text}`);
  }

  async until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
    await waitFor(holds, { description: what, timeoutMs }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${JSON.stringify(this.status)}\n${this.lines.slice(-30).join('\n')}`);
    });
  }

  untilRunning(): Promise<void> {
    return this.until('it runs', () => this.status.state === 'running');
  }

  /** Waits for the panel, and gives its address. */
  async panelUrl(): Promise<string> {
    await this.until('it has a panel', () => this.status.panelPort !== null);
    return `http://127.0.0.1:${this.status.panelPort}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.supervised.stop('stopped');
    // What it has still to write would make the folder anew.
    this.log.remove();
    this.folder[Symbol.dispose]();
  }
}
