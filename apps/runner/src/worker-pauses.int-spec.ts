import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { gate } from '@pizzapi/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeRelay } from '../testing/fake-relay.js';
import { type BegunSession, RunnerBed } from '../testing/runner-bed.js';
import type { FakeSession } from '../testing/fake-session.js';
import { buildRunner, type TestRunner } from '../testing/test-runner.js';

// Several processes that each load pi: on a busy machine one start takes many seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('a session at rest', () => {
  let bed: RunnerBed;
  let relay: FakeRelay;
  let runner: TestRunner;
  let server: ChildProcess | undefined;

  beforeAll(() => buildRunner());
  beforeEach(async () => {
    bed = await RunnerBed.create({ env: { PIZZAPI_PAUSE_AFTER_SECONDS: '1' } });
    ({ relay, runner } = bed);
    runner.start();
  });
  afterEach(async (context) => {
    if (context.task.result?.state === 'fail') console.error(bed.account);
    server?.kill('SIGKILL');
    await bed[Symbol.asyncDispose]();
  });

  function begin(isResume = false, sessionId: string = randomUUID()): BegunSession {
    relay.order({ order: 'spawn', sessionId, isResume });
    return { sessionId, session: relay.session(sessionId) };
  }

  function isPaused(sessionId: string): boolean {
    return relay.reports.findLast((report) => report.sessionId === sessionId)?.state === 'paused';
  }

  function answers(session: FakeSession): number {
    return session.entries().filter(({ kind }) => kind === 'assistant').length;
  }

  it('loses its worker, stays away over a restart of the runner, and goes on where it was by an order', async () => {
    const begun = begin();
    const { sessionId, session } = begun;
    relay.deliver(sessionId, 'Hello');
    await relay.until('it is paused', () => isPaused(sessionId));
    expect(session.events.at(-1)).toMatchObject({ type: 'session.closed', data: { reason: 'paused' } });
    expect(session.inbox).toEqual([]);
    expect(runner.workerPids()).toEqual([]);
    const before = answers(session);

    expect(await runner.stop()).toBe(0);
    const reports = relay.reports.length;
    runner.start();
    await relay.until('it is reported again', () => relay.reports.length > reports);
    expect(isPaused(sessionId)).toBe(true);
    expect(runner.workerPids()).toEqual([]);

    relay.deliver(sessionId, 'And again');
    begin(true, sessionId);
    await relay.until('it has answered and rests again', () => answers(session) > before && isPaused(sessionId));
    bed.expectTranscriptLikeFile(begun);
    bed.expectWhole(begun);
  });

  it('takes nothing on while it goes, and is back for what it left', async () => {
    const { sessionId, session } = begin();
    const isClosed = (): boolean => session.events.at(-1)?.type === 'session.closed';
    await relay.until('it says that it goes', isClosed);
    // The worker may be there yet, and the daemon may take it for present.
    relay.deliver(sessionId, 'Just in time');
    begin(true, sessionId);
    await relay.until('it has the delivery', () => session.inbox.length === 0);
    await relay.until('it has answered', () => answers(session) > 0);
    expect(session.entries().filter(({ kind }) => kind === 'user')).toHaveLength(1);
    expect(session.of('session.opened')).toHaveLength(2);
  });

  it('keeps its worker while something runs that its agent left behind', async () => {
    const begun = begin();
    const { sessionId, session } = begun;
    const end = gate();
    await bed.streamingTurn(begun, end);
    // There before the session can come to rest.
    server = spawn('sleep', ['600'], { env: { PATH: process.env['PATH'], PIZZAPI_SESSION_ID: sessionId } });
    end.open();
    await relay.until('the turn is over', () => session.finishedTurns === 1);
    // Its organisation has changed its mind meanwhile: that reaches the session, too.
    const policyAt = '2026-11-29T09:00:00.000Z';
    relay.runner?.emit('runner:policy', { policy: { approvals: { deadlineMs: 60_000 } }, policyAt });
    await relay.until('it follows the changed policy', () =>
      session.of('sandbox.changed').some(({ data }) => data.policyAt === policyAt),
    );
    // There is a newer one, which nobody here understands: it goes on with this one, and says so.
    relay.runner?.emit('runner:policy-unknown', { detail: 'Update this relay.' });
    const behind = { reason: 'not_understood', detail: 'Update this relay.' };
    await relay.until('it says that it is behind', () =>
      session
        .of('sandbox.changed')
        .some(({ data }) => data.policyAt === policyAt && isDeepStrictEqual(data.behind, behind)),
    );
    // Another one that came later has had its time, so this one has had it too.
    const other = begin();
    await relay.until('the other one is paused', () => isPaused(other.sessionId));
    expect(isPaused(sessionId)).toBe(false);
    server.kill('SIGKILL');
    await relay.until('it is paused', () => isPaused(sessionId));
  });
});
