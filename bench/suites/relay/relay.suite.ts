import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';
import { atLeast, atMost, type Figure } from '../../measure/figure.js';
import { spreadOf } from '../../measure/statistics.js';
import type { Suite } from '../../measure/suite.js';
import { BenchProcess } from '../../processes/bench-process.js';
import { residentBytes } from '../../processes/process-registry.js';
import { createSession, openAccount } from '../../product/account.js';
import { RelayProcess } from '../../product/relay-process.js';

const STARTS = 5;
/** Of these starts the memory is looked at, and clients are attached when it stops. */
const LONG_STARTS = 3;
const IDLE_MS = 5_000;
const CLIENTS_ATTACHED = 200;
const MB = 1024 * 1024;
const BARE_SERVER = new URL('../../traffic/bare-server.process.js', import.meta.url);
const CLIENTS = new URL('./clients.process.js', import.meta.url);

/** Start, memory at rest, and stop of a relay that has data. */
export const relay: Suite = {
  name: 'relay',
  budgetS: 90,
  run: async ({ folder, say }) => {
    const home = join(folder, 'home');
    const account = await fill(home);
    const samples = new Samples();
    for (let at = 0; at < STARTS; at++) {
      say(`start ${at + 1} of ${STARTS}`);
      await using bare = await startBare(samples);
      await using started = await RelayProcess.start({ home });
      samples.readyMs.push(started.readyMs);
      if (at >= LONG_STARTS) continue;
      await pause(IDLE_MS);
      samples.idleMb.push(started.residentBytes / MB);
      samples.bareIdleMb.push(residentBytes(bare.pid) / MB);
      await stopWithClients(started, account, samples);
    }
    return samples.figures();
  },
};

class Samples {
  readonly readyMs: number[] = [];
  readonly bareReadyMs: number[] = [];
  readonly idleMb: number[] = [];
  readonly bareIdleMb: number[] = [];
  readonly stopMs: number[] = [];
  readonly told: number[] = [];

  figures(): Figure[] {
    const bare = (values: number[]) => ({ name: 'bare server', value: spreadOf(values) });
    const clients = CLIENTS_ATTACHED;
    return [
      {
        name: 'ready after the start of the process, on existing data',
        unit: 'ms',
        value: spreadOf(this.readyMs),
        baseline: bare(this.bareReadyMs),
        bar: atMost(1_200),
      },
      {
        name: 'resident memory after 5 s at rest',
        unit: 'MB',
        value: spreadOf(this.idleMb),
        baseline: bare(this.bareIdleMb),
        bar: atMost(200),
      },
      {
        name: `from SIGTERM to the end, ${clients} clients attached`,
        unit: 'ms',
        value: spreadOf(this.stopMs),
        baseline: null,
        bar: atMost(5_000),
      },
      {
        name: `of ${clients} clients told of the stop`,
        unit: 'clients',
        value: spreadOf(this.told),
        baseline: null,
        bar: atLeast(clients),
      },
    ];
  }
}

interface Account {
  apiKey: string;
  sessionId: string;
}

/** A first start that leaves an account, a runner and a session with some history behind. */
async function fill(home: string): Promise<Account> {
  await using started = await RelayProcess.start({ home });
  const { api, runner } = await openAccount(started.url);
  const sessionId = await createSession(api, runner.runnerId);
  const worker = await runner.startWorker(sessionId);
  for (let at = 0; at < 500; at++) {
    const content = { role: 'user', content: [{ type: 'text', text: `Message ${at}` }], timestamp: Date.now() };
    worker.send({
      type: 'entry.appended',
      data: { entryId: `e${at}`, kind: 'user', ts: new Date().toISOString(), content },
    });
  }
  await worker.flushed();
  worker.stop();
  runner.stop();
  return { apiKey: api.apiKey ?? '', sessionId };
}

async function startBare(samples: Samples): Promise<BenchProcess> {
  const startedAt = performance.now();
  const bare = await BenchProcess.start(BARE_SERVER);
  await bare.ask('listen', { isBatched: false }, Type.Object({ port: Type.Integer() }));
  samples.bareReadyMs.push(performance.now() - startedAt);
  return bare;
}

async function stopWithClients(relay: RelayProcess, { apiKey, sessionId }: Account, samples: Samples): Promise<void> {
  await using clients = await BenchProcess.start(CLIENTS);
  await clients.do('open', { url: relay.url, headers: { 'x-api-key': apiKey }, sessionId, count: CLIENTS_ATTACHED });
  const { tookMs, exitCode } = await relay.stop();
  if (exitCode !== 0) throw new Error(`The relay ended with ${exitCode} instead of 0.`);
  samples.stopMs.push(tookMs);
  const { told } = await clients.ask('ended', {}, Type.Object({ told: Type.Integer() }));
  samples.told.push(told);
}
