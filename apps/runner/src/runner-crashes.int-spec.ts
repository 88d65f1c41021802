import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gate, killProcess } from '@pizzapi/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeRelay } from '../testing/fake-relay.js';
import { RunnerBed } from '../testing/runner-bed.js';
import { sessionFile } from '../testing/session-traces.js';
import { buildRunner, type TestRunner } from '../testing/test-runner.js';

// Several processes that each load pi: on a busy machine one start takes many seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let bed: RunnerBed;
let relay: FakeRelay;
let runner: TestRunner;

beforeAll(() => buildRunner());
beforeEach(async () => {
  bed = await RunnerBed.create();
  ({ relay, runner } = bed);
  runner.start();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error(bed.account);
  await bed[Symbol.asyncDispose]();
});

describe('a runner', () => {
  it('starts a killed worker again on its file, and gives up after three times', async () => {
    const begun = await bed.startSession();
    const { session } = begun;
    await bed.streamingTurn(begun, gate());
    for (let opened = 2; opened <= 4; opened++) {
      for (const pid of runner.workerPids()) process.kill(pid, 'SIGKILL');
      await relay.until('it is open again', () => session.of('session.opened').length === opened);
    }
    const epochs = session.of('session.opened').map(({ data }) => data.epoch);
    expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
    expect(relay.reports.filter(({ state }) => state === 'restarting')).toHaveLength(3);
    bed.expectWhole(begun);
    bed.expectTranscriptLikeFile(begun);
    for (const pid of runner.workerPids()) process.kill(pid, 'SIGKILL');
    await relay.until('it failed', () => relay.reports.at(-1)?.state === 'failed');
    expect(relay.reports.at(-1)?.failure?.code).toBe('worker_crashed');
  });

  it.skipIf(process.platform !== 'linux')(
    "ends a turn whose session's file another process has taken, and says which one",
    async () => {
      const begun = await bed.startSession();
      const { sessionId, session } = begun;
      const end = gate();
      await bed.streamingTurn(begun, end);
      const file = sessionFile(runner, sessionId);
      const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8');
      const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
      writeFileSync(`${file}.lock`, JSON.stringify({ pid: process.pid, startedAt }));
      const before = readFileSync(file, 'utf8');
      end.open();
      await relay.until('it failed', () => relay.reports.at(-1)?.state === 'failed');
      expect(relay.reports.flatMap(({ failure }) => failure ?? [])).toEqual([
        { code: 'session_file_locked', detail: expect.stringContaining(`in use by process ${process.pid}`) },
      ]);
      expect(session.of('session.closed').map(({ data }) => data)).toEqual([{ reason: 'shutdown' }]);
      expect(readFileSync(file, 'utf8')).toBe(before);
      bed.expectWhole(begun);
    },
  );

  it('keeps its daemon when the end of a worker cannot be written down', async () => {
    const { sessionId } = await bed.startSession();
    const daemon = runner.daemonPid();
    const stateFile = join(runner.home, 'run', 'workers', `${sessionId}.json`);
    // As after two crashes, so that the next restart is seconds away.
    const state: object = JSON.parse(readFileSync(stateFile, 'utf8'));
    writeFileSync(stateFile, JSON.stringify({ ...state, restarts: [Date.now(), Date.now()] }));
    for (const pid of runner.workerPids()) process.kill(pid, 'SIGKILL');
    await relay.until('it is about to restart', () => relay.reports.at(-1)?.state === 'restarting');
    // Where the daemon drafts the file it now finds a folder.
    mkdirSync(`${stateFile}.${daemon}.new`);
    await relay.until('the daemon said so', () => runner.output.includes('could not follow up on a worker'));
    expect(runner.daemonPid()).toBe(daemon);
  });

  it('keeps the worker when the daemon is killed, and adopts it', async () => {
    const begun = await bed.startSession();
    const { sessionId, session } = begun;
    const workers = runner.workerPids();
    const end = gate();
    await bed.streamingTurn(begun, end);
    killProcess(runner.daemonPid());
    end.open();
    await relay.until('the turn is over', () => session.finishedTurns === 1);
    await relay.until('the runner is back', () => relay.hellos.length === 2);
    await relay.stop(); // the worker needs a token from the new daemon now
    await relay.start();
    await bed.turn(begun);
    expect(runner.workerPids()).toEqual(workers);
    expect(session.of('session.opened')).toHaveLength(1);
    bed.expectWhole(begun);
    const stop = relay.order({ order: 'stop', sessionId });
    await relay.until('the adopted worker ends', () => relay.isDone(stop));
    expect(runner.workerPids()).toEqual([]);
  });

  it('leaves the workers to the next runner when the supervisor is killed', async () => {
    const begun = await bed.startSession();
    const workers = runner.workerPids();
    await runner.stop('SIGKILL');
    await relay.until('the daemon ended', () => runner.daemonPid() === undefined);
    expect(runner.workerPids()).toEqual(workers);
    runner.start();
    await relay.until('the runner is back', () => relay.hellos.length === 2);
    await bed.turn(begun);
    expect(runner.workerPids()).toEqual(workers);
  });

  it('loses and doubles nothing when the relay goes away in mid-stream', async () => {
    const begun = await bed.startSession();
    const { session } = begun;
    for (let round = 0; round < 3; round++) {
      const end = gate();
      await bed.streamingTurn(begun, end, `Round ${round}`);
      await relay.stop();
      await relay.start();
      end.open();
      await relay.until('the turn is over', () => session.finishedTurns === round + 1);
    }
    bed.expectWhole(begun);
    bed.expectTranscriptLikeFile(begun);
    expect(session.of('session.opened')).toHaveLength(1);
  });

  it('leaves no process behind when it ends, and its sessions come back', async () => {
    const begun = await bed.startSession();
    const { session } = begun;
    await bed.streamingTurn(begun, gate());
    expect(await runner.stop('SIGTERM')).toBe(0);
    expect(runner.processes()).toEqual([]);
    expect(session.of('session.closed').at(-1)?.data.reason).toBe('shutdown');
    runner.start();
    await relay.until('it is open again', () => session.of('session.opened').length === 2);
    bed.expectWhole(begun);
    bed.expectTranscriptLikeFile(begun);
  });

  it('leaves no process behind when the daemon was killed just before', async () => {
    await bed.startSession();
    killProcess(runner.daemonPid());
    expect(await runner.stop('SIGINT')).toBe(0);
    expect(runner.processes()).toEqual([]);
  });
});
