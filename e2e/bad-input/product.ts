import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionView } from '@pizzapi/protocol';
import { RelayApi, RelayProcess, removeFolder, RunnerProcess, temporaryFolder, waitFor } from '@pizzapi/testing';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

const WorkerFile = Type.Object({ process: Type.Object({ pid: Type.Integer() }) });

type Account = RelayApi & { readonly userId: string };

/** The built relay, a built runner, and two accounts that know nothing of each other. */
export class Product implements AsyncDisposable {
  private constructor(
    readonly home: string,
    readonly code: string,
    readonly relay: RelayProcess,
    readonly runner: RunnerProcess,
    readonly ada: Account,
    readonly bob: Account,
  ) {}

  static async start(): Promise<Product> {
    const home = await temporaryFolder('bad-input');
    const code = join(home, 'code');
    await mkdir(code);
    const relay = await RelayProcess.start({ home, env: { PIZZAPI_REGISTRATION: 'open' } });
    const ada = await new RelayApi(relay.url).register('ada@example.com');
    const bob = await new RelayApi(relay.url).register('bob@example.com');
    const runner = await RunnerProcess.start({ home, relayUrl: relay.url, roots: [code], apiKey: ada.apiKey ?? '' });
    return new Product(home, code, relay, runner, ada, bob);
  }

  /** Resolves with the session once it is as `isThere` says. */
  async session(sessionId: string, isThere: (session: SessionView) => boolean): Promise<SessionView> {
    let last: SessionView | null = null;
    try {
      return await waitFor(
        async () => {
          last = (await this.ada.get<SessionView>(`/api/sessions/${sessionId}`)).body;
          return isThere(last) ? last : null;
        },
        { description: `session ${sessionId} gets there` },
      );
    } catch (cause) {
      throw new Error(`The session stayed ${JSON.stringify(last)}`, { cause });
    }
  }

  async create(request: object): Promise<string> {
    const answer = await this.ada.post<{ sessionId: string }>('/api/sessions', {
      runnerId: this.runner.runnerId,
      ...request,
    });
    if (answer.status !== 202) throw new Error(`The session was answered ${JSON.stringify(answer)}`);
    return answer.body.sessionId;
  }

  workerPid(sessionId: string): number {
    const file = join(this.home, 'run', 'workers', `${sessionId}.json`);
    return Value.Parse(WorkerFile, JSON.parse(readFileSync(file, 'utf8'))).process.pid;
  }

  async metric(name: string): Promise<number> {
    return sumOf(await (await fetch(`${this.relay.url}/metrics`)).text(), name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner.stop();
    await this.relay.stop();
    await removeFolder(this.home);
  }
}

/** The sum over a counter's labels. */
function sumOf(metrics: string, name: string): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
