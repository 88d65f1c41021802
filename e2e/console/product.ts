import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayProcess, RunnerProcess, removeFolder, temporaryFolder } from '@pizzapi/testing';

export interface ProductOptions {
  /** The content of `agent/models.json`; none offers the Demo model. */
  modelsJson?: object;
  /** Manifests of services, whose triggers the runner declares. */
  services?: readonly { id: string; label: string; triggers: readonly object[] }[];
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

  static async start({ modelsJson, services = [] }: ProductOptions = {}): Promise<Product> {
    const home = await temporaryFolder('console');
    const code = join(home, 'code');
    for (const folder of ['notes', 'pizza-shop/.git', 'pizza-shop/src']) {
      await mkdir(join(code, folder), { recursive: true });
    }
    if (modelsJson !== undefined) {
      await mkdir(join(home, 'agent'), { recursive: true });
      await writeFile(join(home, 'agent', 'models.json'), JSON.stringify(modelsJson));
    }
    for (const service of services) {
      const folder = join(home, 'services', service.id);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(service));
    }
    const relay = await RelayProcess.start({ home, env: consoleFolder() });
    const runner = await RunnerProcess.start({ home, relayUrl: relay.url, roots: [code] });
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner.stop();
    await this.relay.stop();
    await removeFolder(this.home);
  }
}

/** Another build of the console than the repository's: `PIZZAPI_CONSOLE_DIR`. */
function consoleFolder(): Record<string, string> {
  const { PIZZAPI_CONSOLE_DIR } = process.env;
  return PIZZAPI_CONSOLE_DIR ? { PIZZAPI_CONSOLE_DIR } : {};
}
