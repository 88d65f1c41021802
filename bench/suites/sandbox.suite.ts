import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SandboxMode } from '@pizzapi/protocol';
import { checkSandbox, Sandbox, sandboxPolicy, sandboxPrograms, toolEnvironment } from '@pizzapi/sandbox';
import { atMost, type Figure } from '../measure/figure.js';
import { spreadOf } from '../measure/statistics.js';
import type { Suite } from '../measure/suite.js';

const ROUNDS = 60;
const WARM_UP = 5;
const STARTS = 7;
/** What a short command of an agent's is like: a shell and a program. */
const COMMAND = 'ls / >/dev/null; echo done';

/** A command in the sandbox against the same one without: a round each in turn, on a session whose sandbox runs. */
export const sandbox: Suite = {
  name: 'sandbox',
  budgetS: 120,
  run: async ({ folder, say }) => {
    const figures: Figure[] = [];
    for (const mode of ['basic', 'full'] as const) {
      const check = await checkSandbox({ mode });
      if (!check.isEnforceable) throw new Error(check.detail);
      say(`commands in ${mode}`);
      figures.push(...(await measure(mode, folder)));
    }
    return figures;
  },
};

async function measure(mode: SandboxMode, folder: string): Promise<Figure[]> {
  const starts: number[] = [];
  for (let left = STARTS; left > 0; left--) {
    const fresh = openSandbox(mode, folder);
    starts.push(await msOf(() => runConfined(fresh, folder)));
    await fresh.close();
  }
  const confined = openSandbox(mode, folder);
  const rounds: { bare: number; walled: number }[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const bare = await msOf(() => runBare(folder));
    const walled = await msOf(() => runConfined(confined, folder));
    if (round >= 0) rounds.push({ bare, walled });
  }
  await confined.close();
  return [
    {
      name: `a command in the sandbox, ${mode}`,
      unit: 'ms',
      value: spreadOf(rounds.map(({ walled }) => walled)),
      baseline: { name: 'the same without', value: spreadOf(rounds.map(({ bare }) => bare)) },
      bar: null,
    },
    {
      name: `what the sandbox adds to a command, ${mode}`,
      unit: 'ms',
      value: spreadOf(rounds.map(({ bare, walled }) => walled - bare)),
      baseline: null,
      bar: atMost(50),
    },
    {
      name: `a session's first command, with the start of its sandbox, ${mode}`,
      unit: 'ms',
      value: spreadOf(starts),
      baseline: null,
      bar: null,
    },
  ];
}

function openSandbox(mode: SandboxMode, folder: string): Sandbox {
  const temp = join(folder, 'temp');
  mkdirSync(temp, { recursive: true });
  const policy = sandboxPolicy([{ mode, allowedDomains: ['example.org'] }], {
    cwd: folder,
    userHome: homedir(),
    home: join(homedir(), '.pizzapi'),
    temp,
    sessionTemps: temp,
    sharedTemp: dirname(folder),
    hidden: [],
    readable: [],
    ownPrograms: sandboxPrograms(),
  });
  const env = toolEnvironment(process.env, temp);
  const emptyFolder = join(folder, 'empty');
  return new Sandbox({ policy, cwd: folder, emptyFolder, env, temp, onRefusal: () => undefined });
}

async function runConfined(confined: Sandbox, cwd: string): Promise<void> {
  const order = { shell: '/bin/bash', args: ['-c', COMMAND], cwd, env: {}, timeoutMs: null };
  const { code } = await confined.exec(order, { onOutput: () => undefined });
  if (code !== 0) throw new Error(`The command ended with code ${code}.`);
}

async function runBare(cwd: string): Promise<void> {
  const child = spawn('/bin/bash', ['-c', COMMAND], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  child.stderr.resume();
  await once(child, 'close');
}

async function msOf(task: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await task();
  return performance.now() - startedAt;
}
