import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceAnnouncement, ServiceCommand, ServiceInfo, ServiceLog, SocketAnswer } from '@pizzapi/protocol';
import { waitFor } from '@pizzapi/testing';
import { API_KEY } from './fake-api.js';
import { FakeRelay } from './fake-relay.js';
import { ServicesFolder } from './services-folder.js';
import { TestRunner } from './test-runner.js';

/** Of each service's log, in the account of a failing test. */
const KEPT_LOG = 4_096;

/** A runner with a folder of services and a relay to which it announces them. */
export class ServicesRunner {
  readonly folder: ServicesFolder;

  private constructor(
    readonly relay: FakeRelay,
    readonly runner: TestRunner,
  ) {
    this.folder = new ServicesFolder(join(runner.home, 'services'));
  }

  static async create(): Promise<ServicesRunner> {
    const relay = new FakeRelay();
    await relay.start();
    const environment = { PIZZAPI_RELAY_URL: relay.url, PIZZAPI_API_KEY: API_KEY, DATABASE_URL: 'secret' };
    return new ServicesRunner(relay, new TestRunner(environment));
  }

  async dispose(): Promise<void> {
    await this.runner.dispose();
    await this.relay.stop();
  }

  /** The last announcement. */
  get announced(): ServiceAnnouncement | undefined {
    return this.relay.announcements.at(-1);
  }

  /**
   * For a failing test: what the processes printed, what was announced one after another, and the services' logs. Together they tell a panel
   * that the daemon never heard of from one that was not announced, and from one on the same port.
   */
  get account(): string {
    const announced = this.relay.announcements.map(({ services, panels }) =>
      [
        ...services.map(({ id, state, error }) => `${id} is ${state}${error === null ? '' : ` (${error})`}`),
        ...panels.map(({ serviceId, port }) => `${serviceId} has port ${port}`),
      ].join(', '),
    );
    const folder = join(this.runner.home, 'run/logs/services');
    const logs = (existsSync(folder) ? readdirSync(folder) : []).map(
      (name) => `${name}:\n${readFileSync(join(folder, name), 'utf8').slice(-KEPT_LOG)}`,
    );
    return [this.runner.output, 'announced:', ...announced, ...logs].join('\n');
  }

  /** By the daemon that is connected now. */
  get isAnnounced(): boolean {
    return this.relay.isAnnounced;
  }

  info(id: string): ServiceInfo | undefined {
    return this.announced?.services.find((known) => known.id === id);
  }

  panelUrl(id: string): string {
    const panel = this.announced?.panels.find(({ serviceId }) => serviceId === id);
    return `http://127.0.0.1:${panel?.port}`;
  }

  async untilState(id: string, state: ServiceInfo['state']): Promise<void> {
    await this.relay.until(`${id} is ${state}`, () => this.info(id)?.state === state);
  }

  /** @param other an address that it had before */
  async untilPanel(id: string, other = ''): Promise<string> {
    const has = (): boolean => this.announced?.panels.some(({ serviceId }) => serviceId === id) === true;
    await this.relay.until(`${id} has a panel`, () => has() && this.panelUrl(id) !== other);
    return this.panelUrl(id);
  }

  async command(serviceId: string, command: ServiceCommand): Promise<SocketAnswer> {
    return this.connected.emitWithAck('runner:command-service', { serviceId, command });
  }

  /** @throws Error with the refusal's code */
  async log(serviceId: string, limit = 500): Promise<ServiceLog> {
    const answer = await this.connected.emitWithAck('runner:read-service-log', { serviceId, limit });
    if (!answer.ok) throw new Error(answer.problem.code);
    return answer;
  }

  async untilLogged(serviceId: string, text: string): Promise<void> {
    await waitFor(async () => (await this.log(serviceId)).lines.some((line) => line.text.includes(text)), {
      description: `${serviceId} logged ${text}`,
    });
  }

  private get connected() {
    if (!this.relay.runner) throw new Error('the runner is not connected');
    return this.relay.runner.timeout(30_000);
  }
}

/** The page that is shown there; null when nothing listens. A port that is free may be another test's a moment later, which may never answer. */
export async function pageAt(url: string): Promise<string | null> {
  return fetch(url, { signal: AbortSignal.timeout(10_000) })
    .then((answer) => answer.text())
    .catch(() => null);
}

/** A service that shows a page, and logs what it is told. */
export function page(id: string, text: string): Record<string, unknown> {
  return {
    'manifest.json': { id, label: id },
    'index.ts': `export default class { id = '${id}';
      init(socket, { announcePanel }) {
        socket.on('subscriptions', (list) => console.log('wanted', JSON.stringify(list)));
        announcePanel(Bun.serve({ port: 0, fetch: () => new Response('${text}') }).port) } }`,
  };
}
