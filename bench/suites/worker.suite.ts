import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunnerView, SessionView } from '@pizzapi/protocol';
import type { RelayApi } from '@pizzapi/testing';
import { atMost } from '../measure/figure.js';
import { spreadOf } from '../measure/statistics.js';
import type { Suite } from '../measure/suite.js';
import { BenchProcess } from '../processes/bench-process.js';
import { residentBytes } from '../processes/process-registry.js';
import { openAccount } from '../product/account.js';
import { RelayProcess } from '../product/relay-process.js';
import { RUNNER_NAME, RunnerProcess } from '../product/runner-process.js';

const WORKERS = 3;
const IDLE_MS = 5_000;
const POLL_MS = 100;
const WITHIN_MS = 60_000;
const MB = 1024 * 1024;

/** Memory of real workers whose sessions have had a turn and are idle. */
export const worker: Suite = {
  name: 'worker',
  budgetS: 90,
  run: async ({ folder, say }) => {
    await using relay = await RelayProcess.start({ home: join(folder, 'relay') });
    const { api, runner: scripted } = await openAccount(relay.url);
    scripted.stop();
    await using runner = await RunnerProcess.start(join(folder, 'runner'), relay.url, api.apiKey ?? '');
    const runnerId = await until(() => onlineRunner(api));
    say(`${WORKERS} Demo sessions`);
    const sessionIds = [];
    for (let left = WORKERS; left > 0; left--) sessionIds.push(await startDemo(api, runnerId));
    for (const sessionId of sessionIds) await until(async () => (await isIdleAfterTurn(api, sessionId)) || null);
    await using nothing = await BenchProcess.start(new URL('../processes/idle.process.js', import.meta.url));
    await pause(IDLE_MS);
    const value = spreadOf(sessionIds.map((sessionId) => runner.workerBytes(sessionId) / MB));
    const baseline = { name: 'Node doing nothing', value: spreadOf([residentBytes(nothing.pid) / MB]) };
    return [
      {
        name: 'resident memory of a worker whose session is idle after a turn',
        unit: 'MB',
        value,
        baseline,
        bar: atMost(200),
      },
    ];
  },
};

async function onlineRunner(api: RelayApi): Promise<string | null> {
  const { body } = await api.get<{ runners: RunnerView[] }>('/api/runners');
  return body.runners.find(({ name, online }) => online && name === RUNNER_NAME)?.runnerId ?? null;
}

async function startDemo(api: RelayApi, runnerId: string): Promise<string> {
  const answer = await api.post<{ sessionId: string }>('/api/sessions', {
    runnerId,
    prompt: 'Show me what you can do.',
    model: { provider: 'demo', id: 'demo' },
  });
  if (answer.status !== 202)
    throw new Error(`The Demo session was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.sessionId;
}

async function isIdleAfterTurn(api: RelayApi, sessionId: string): Promise<boolean> {
  const { body } = await api.get<SessionView>(`/api/sessions/${sessionId}`);
  if (body.failure !== null) throw new Error(`The Demo session failed: ${body.failure.detail}`);
  return body.activity === 'idle' && (body.usage?.output ?? 0) > 0;
}

async function until<T>(look: () => Promise<T | null>): Promise<T> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > deadline)
      throw new Error(`What was waited for did not come within ${WITHIN_MS / 1_000} s.`);
    await pause(POLL_MS);
  }
}
