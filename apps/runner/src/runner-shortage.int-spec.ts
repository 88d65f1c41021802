import { randomUUID } from 'node:crypto';
import { limitDescriptors } from '@pizzapi/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunnerBed } from '../testing/runner-bed.js';
import { buildRunner } from '../testing/test-runner.js';

// Several processes that each load pi: on a busy machine one start takes many seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let bed: RunnerBed;
beforeAll(() => buildRunner());
beforeEach(async () => {
  bed = await RunnerBed.create();
  bed.runner.start();
  await bed.relay.until('it has opened what it needs', () => bed.relay.isAnnounced && bed.relay.tunnel !== undefined);
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error(bed.account);
  await bed[Symbol.asyncDispose]();
});

/** @returns what lets it go on */
function limitDaemon(spare: number): { pid: number; lift: () => void } {
  const pid = bed.runner.daemonPid() ?? 0;
  return { pid, lift: limitDescriptors(pid, spare) };
}

/** Orders a session that cannot be started at the moment. */
function order(): { sessionId: string; cursor: string } {
  const sessionId = randomUUID();
  bed.relay.session(sessionId);
  return { sessionId, cursor: bed.relay.order({ order: 'spawn', sessionId, isResume: false }) };
}

describe.skipIf(process.platform !== 'linux')('a daemon that can open no more files', () => {
  it('starts the ordered session as soon as it can, and is still the same', async () => {
    const { pid, lift } = limitDaemon(0);
    const { sessionId } = order();
    await bed.relay.until('the order fails', () => bed.runner.output.includes('an order is not done yet'));
    lift();
    await bed.relay.until('it is open', () => bed.relay.session(sessionId).of('session.opened').length === 1);
    expect(bed.runner.daemonPid()).toBe(pid);
    expect(bed.runner.workerPids(sessionId)).toHaveLength(1);
  });

  it('starts no session that was stopped meanwhile', async () => {
    const { lift } = limitDaemon(0);
    const { sessionId, cursor: start } = order();
    const stop = bed.relay.order({ order: 'stop', sessionId });
    await bed.relay.until('both fail', () => bed.runner.output.split('an order is not done yet').length > 2);
    lift();
    await bed.relay.until('both are done', () => bed.relay.isDone(start) && bed.relay.isDone(stop));
    expect(bed.relay.reports).toEqual([expect.objectContaining({ sessionId, state: 'ended' })]);
    expect([bed.runner.workerLog(sessionId), bed.runner.workerPids()]).toEqual(['', []]);
  });

  it('tries again to start a worker for which it had too few, and says why it is late', async () => {
    // Enough for the files that it writes, too few for the pipes of a process.
    const { pid, lift } = limitDaemon(2);
    const { sessionId } = order();
    await bed.relay.until('it says so', () => bed.relay.reports.some(({ state }) => state === 'restarting'));
    lift();
    const [report] = bed.relay.reports;
    expect(JSON.stringify(report)).toContain('The machine has no more open files for one process (EMFILE)');
    await bed.relay.until('it is open', () => bed.relay.session(sessionId).of('session.opened').length === 1);
    expect(bed.runner.daemonPid()).toBe(pid);
    expect(bed.runner.workerPids(sessionId)).toHaveLength(1);
  });

  it('lets its workers go on, though it cannot see whether they live', async () => {
    const session = await bed.startSession();
    const [worker] = bed.runner.workerPids(session.sessionId);
    const { pid, lift } = limitDaemon(0);
    const { sessionId } = order();
    await bed.relay.until('it has come to its end', () => bed.runner.output.includes('an order is not done yet'));
    await bed.turn(session);
    lift();
    await bed.relay.until('it is open', () => bed.relay.session(sessionId).of('session.opened').length === 1);
    expect(bed.runner.daemonPid()).toBe(pid);
    expect(bed.runner.workerPids(session.sessionId)).toEqual([worker]);
    expect(bed.runner.output).not.toContain('a worker ended');
    bed.expectWhole(session);
  });
});
