import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunnerView, SessionView } from '@pizzapi/protocol';
import { type RelayApi, type ScriptedModel, startScriptedModel, waitFor } from '@pizzapi/testing';
import { atMost } from '../measure/figure.js';
import { spreadOf } from '../measure/statistics.js';
import type { Suite } from '../measure/suite.js';
import { openAccount } from '../product/account.js';
import { RelayProcess } from '../product/relay-process.js';
import { RunnerProcess } from '../product/runner-process.js';

const ROUNDS = 10;
const WITHIN_MS = 60_000;
const PI = fileURLToPath(new URL('./bundle/cli.js', import.meta.resolve('@earendil-works/pi-coding-agent')));

/** How long a subagent takes to begin: from the call of the tool to its own first request to the model. */
export const subagent: Suite = {
  name: 'subagent',
  budgetS: 120,
  run: async ({ folder, say }) => {
    await using relay = await RelayProcess.start({ home: join(folder, 'relay') });
    const { api, runner: scripted } = await openAccount(relay.url);
    scripted.stop();
    await using model = await startScriptedModel();
    const home = join(folder, 'runner');
    writeHome(home, model);
    await using runner = await RunnerProcess.start(home, relay.url, api.apiKey ?? '');
    const sessionId = await startSession(api, runner.name);
    const values: number[] = [];
    const bare: number[] = [];
    // The first start compiles pi; what it compiled is kept.
    say('the first start');
    await startOfSubagent(api, sessionId, model);
    await startOfPi(home, model);
    say(`${ROUNDS} starts, and as many of pi alone`);
    for (let left = ROUNDS; left > 0; left -= 1) {
      values.push(await startOfSubagent(api, sessionId, model));
      bare.push(await startOfPi(home, model));
    }
    return [
      {
        name: "start of a subagent: from the tool's call to its first request to the model",
        unit: 'ms',
        value: spreadOf(values),
        baseline: { name: '`pi --mode json` alone', value: spreadOf(bare) },
        bar: atMost(1_500),
      },
    ];
  },
};

function writeHome(home: string, model: ScriptedModel): void {
  for (const name of ['agent', 'agents', 'work']) mkdirSync(join(home, name), { recursive: true });
  writeFileSync(join(home, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
  writeFileSync(
    join(home, 'agents', 'scout.md'),
    '---\nname: scout\ndescription: Looks.\ntools: read, grep\n---\nLook.\n',
  );
}

async function startSession(api: RelayApi, runnerName: string): Promise<string> {
  let runnerId = '';
  await waitFor(
    async () => {
      const { body } = await api.get<{ runners: RunnerView[] }>('/api/runners');
      runnerId = body.runners.find(({ name, online }) => online && name === runnerName)?.runnerId ?? '';
      return runnerId !== '';
    },
    { description: 'the runner is online', timeoutMs: WITHIN_MS },
  );
  const { body } = await api.post<{ sessionId: string }>('/api/sessions', { runnerId });
  await isIdle(api, body.sessionId);
  return body.sessionId;
}

async function isIdle(api: RelayApi, sessionId: string): Promise<void> {
  await waitFor(async () => (await api.get<SessionView>(`/api/sessions/${sessionId}`)).body.activity === 'idle', {
    description: 'the session is idle',
    timeoutMs: WITHIN_MS,
  });
}

async function startOfSubagent(api: RelayApi, sessionId: string, model: ScriptedModel): Promise<number> {
  let calledMs = 0;
  let askedMs = 0;
  const isOver = Promise.withResolvers<void>();
  model.next(
    async (answer) => {
      await answer.toolCall('subagent', { agent: 'scout', task: 'Look.' });
      calledMs = performance.now();
    },
    (answer) => {
      askedMs = performance.now();
      return answer.text('Seen.');
    },
    async (answer) => {
      await answer.text('Done.');
      isOver.resolve();
    },
  );
  await api.post(`/api/sessions/${sessionId}/input`, { text: 'Look around.' });
  await isOver.promise;
  await isIdle(api, sessionId);
  return askedMs - calledMs;
}

/** The same program, by hand. */
async function startOfPi(home: string, model: ScriptedModel): Promise<number> {
  let askedMs = 0;
  model.next((answer) => {
    askedMs = performance.now();
    return answer.text('Seen.');
  });
  const startedMs = performance.now();
  const child = spawn(process.execPath, [PI, '--mode', 'json', '--no-session', '--tools', 'read,grep', 'Look.'], {
    cwd: join(home, 'work'),
    env: {
      ...process.env,
      PI_CODING_AGENT_DIR: join(home, 'agent'),
      PI_OFFLINE: '1',
      NODE_COMPILE_CACHE: join(home, 'bare-compile-cache'),
    },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  await once(child, 'exit');
  return askedMs - startedMs;
}
