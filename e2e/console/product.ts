import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RelayProcess, RunnerProcess, removeFolder, temporaryFolder } from '@pizzapi/testing';

export interface ProductOptions {
  /** The content of `agent/models.json`; none offers the Demo model. */
  modelsJson?: object;
  /** Manifests of services, whose triggers the runner declares. */
  services?: readonly ServiceFiles[];
  /** The content of the runner's `config.json`. */
  config?: object;
  /** Of the runner's user: files in their home directory, which is `user` in the product's own folder. */
  homeFiles?: Readonly<Record<string, string>>;
  /** Of the relay. */
  env?: Record<string, string>;
  /** Of the runner. */
  runnerEnv?: Record<string, string>;
}

/** A manifest, and what else lies in the service's folder. */
export interface ServiceFiles {
  readonly id: string;
  readonly label: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** What `npm start` gives in an empty home: a relay, and a runner that enrolled itself without a key. */
export class Product implements AsyncDisposable {
  private constructor(
    readonly home: string,
    /** The runner's only workspace root. */
    readonly code: string,
    private readonly relay: RelayProcess,
    private readonly runner: RunnerProcess,
  ) {}

  static async start({
    modelsJson,
    services = [],
    config,
    homeFiles,
    env = {},
    runnerEnv = {},
  }: ProductOptions = {}): Promise<Product> {
    const home = await temporaryFolder('console');
    const code = join(home, 'code');
    for (const folder of ['notes', 'pizza-shop/.git', 'pizza-shop/src']) {
      await mkdir(join(code, folder), { recursive: true });
    }
    if (modelsJson !== undefined) {
      await mkdir(join(home, 'agent'), { recursive: true });
      await writeFile(join(home, 'agent', 'models.json'), JSON.stringify(modelsJson));
    }
    if (config !== undefined) await writeFile(join(home, 'config.json'), JSON.stringify(config));
    for (const service of services) await writeService(home, service);
    for (const [name, content] of Object.entries(homeFiles ?? {})) await writeNew(join(home, 'user', name), content);
    const relay = await RelayProcess.start({ home, env: { ...consoleFolder(), ...env } });
    const runner = await RunnerProcess.start({
      home,
      relayUrl: relay.url,
      roots: [code],
      env: { ...(homeFiles && { HOME: join(home, 'user') }), ...runnerEnv },
    });
    return new Product(home, code, relay, runner);
  }

  get url(): string {
    return this.relay.url;
  }

  get runnerId(): string {
    return this.runner.runnerId;
  }

  /** The machine is away: runner, daemon and workers. */
  stopRunner(): Promise<void> {
    return this.runner.stop();
  }

  startRunner(): Promise<void> {
    return this.runner.start();
  }

  stopRelay(): Promise<void> {
    return this.relay.stop();
  }

  startRelay(): Promise<void> {
    return this.relay.start();
  }

  /** As an update does. */
  async restartRelay(): Promise<void> {
    await this.stopRelay();
    await this.startRelay();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner.stop();
    await this.relay.stop();
    await removeFolder(this.home);
  }
}

async function writeService(home: string, { files = {}, ...manifest }: ServiceFiles): Promise<void> {
  const folder = join(home, 'services', manifest.id);
  for (const [name, content] of Object.entries({ 'manifest.json': JSON.stringify(manifest), ...files })) {
    await writeNew(join(folder, name), content);
  }
}

async function writeNew(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** Another build of the console than the repository's: `PIZZAPI_CONSOLE_DIR`. */
function consoleFolder(): Record<string, string> {
  const { PIZZAPI_CONSOLE_DIR } = process.env;
  return PIZZAPI_CONSOLE_DIR ? { PIZZAPI_CONSOLE_DIR } : {};
}
