import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolOutputBytes } from '@pizzapi/protocol';
import { withoutDescriptors } from '@pizzapi/testing';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HomeLayout, homeLayout } from '../config/home-layout.js';
import type { WorkerBoot } from '../worker-state/worker-boot.js';
import { readOutcome } from '../worker-state/worker-outcome.file.js';
import type { AgentSession } from './agent-session.js';
import { WorkerSession } from './worker-session.js';

let home: string;
let layout: HomeLayout;
let exits: number[];
let closes: string[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pizzapi-worker-'));
  layout = homeLayout(home);
  exits = [];
  closes = [];
});
afterEach(() => rmSync(home, { recursive: true }));

const boot = (): WorkerBoot => ({
  sessionId: '0192d3c0-0000-7000-8000-000000000001',
  epoch: 7,
  cwd: home,
  home,
  relayUrl: 'http://127.0.0.1:1',
  secret: 'secret',
  isResume: false,
  maxToolOutputBytes: ToolOutputBytes.default,
});

/** One that rests. */
const agent = (): AgentSession => ({
  isAtRest: true,
  onFileLost: () => undefined,
  start: () => undefined,
  receive: () => Promise.resolve(),
  editInput: () => undefined,
  removeInput: () => undefined,
  answerApproval: () => undefined,
  handUpApproval: () => undefined,
  abort: () => Promise.resolve(),
  continueTurn: () => undefined,
  branch: () => Promise.resolve(),
  setModel: () => Promise.resolve(),
  setName: () => undefined,
  findFiles: () => Promise.resolve({ files: [], truncated: false }),
  readOutput: () => {
    throw new Error('It has run no tool.');
  },
  close: (reason) => Promise.resolve(void closes.push(reason)),
  entriesAfter: () => [],
});

const session = (): WorkerSession =>
  new WorkerSession({
    boot: boot(),
    layout,
    openAgent: () =>
      Promise.resolve({ agent: agent(), followPolicy: () => Promise.resolve('held'), keepPolicy: () => undefined }),
    logger: pino({ level: 'silent' }),
    exit: (code) => exits.push(code),
  });

it('closes its agent, says why it ends, and exits', async () => {
  const worker = session();
  await worker.start();
  await worker.end('shutdown');
  expect([closes, exits]).toEqual([['shutdown'], [0]]);
  expect(readOutcome(layout.workerStateDir, boot().sessionId, 7)).toMatchObject({ reason: 'shutdown' });
});

it('also where that cannot be written down', async () => {
  mkdirSync(layout.runDir, { recursive: true });
  writeFileSync(layout.workerStateDir, 'no folder');
  const worker = session();
  await worker.start();
  await worker.end('paused');
  expect([closes, exits]).toEqual([['paused'], [1]]);
});

it('starts where nobody can read where its daemon is', async () => {
  layout = homeLayout(join(home, 'x'.repeat(110)));
  mkdirSync(join(layout.runDir, 'daemon.sock.path'), { recursive: true });
  const worker = session();
  await worker.start();
  await worker.end('shutdown');
  expect(exits).toEqual([0]);
});

it.skipIf(process.platform !== 'linux')('does not take itself for at rest where it cannot see what runs', async () => {
  const worker = session();
  await worker.start();
  await withoutDescriptors(() => worker.pause());
  expect(exits).toEqual([]);
  await worker.end('shutdown');
});
