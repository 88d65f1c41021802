import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSandbox } from '@pizzapi/sandbox';
import { gate } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FakeRelay } from '../testing/fake-relay.js';
import { RunnerBed } from '../testing/runner-bed.js';
import { buildRunner } from '../testing/test-runner.js';

// Several processes that each load pi: on a busy machine one start takes many seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const check = await checkSandbox({ mode: 'basic' });

// Where this machine cannot keep a wall, there is none to go.
describe.skipIf(!check.isEnforceable)('an organisation that changes its policy', () => {
  let bed: RunnerBed;
  let relay: FakeRelay;

  beforeAll(async () => {
    buildRunner();
    bed = await RunnerBed.create();
    ({ relay } = bed);
    mkdirSync(bed.runner.home, { recursive: true });
    writeFileSync(join(bed.runner.home, 'config.json'), JSON.stringify({ sandbox: { mode: 'none' } }));
    bed.runner.start();
    await relay.until('it is online', () => relay.runner !== undefined);
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(bed.account);
  });
  afterAll(() => bed[Symbol.asyncDispose]());

  it('has the wall that it wants no more taken down when the agent rests, and no turn is cut off by that', async () => {
    const sessionId = randomUUID();
    const session = relay.session(sessionId);
    const policy = { sandbox: { mode: 'basic' as const } };
    relay.order({ order: 'spawn', sessionId, isResume: false, policy, policyAt: '2026-11-29T09:00:00.000Z' });
    await relay.until('the session is open', () => session.of('session.opened').length === 1);
    expect(session.of('sandbox.changed').at(-1)?.data).toMatchObject({ mode: 'basic', isEnforced: true });
    const end = gate();
    await bed.streamingTurn({ sessionId, session }, end);
    relay.runner?.emit('runner:policy', { policy: null, policyAt: '2026-11-29T10:00:00.000Z' });
    await relay.until('the wall stays for the turn, and the session says so', () =>
      session.of('sandbox.changed').some(({ data }) => data.behind?.reason === 'wall_stays'),
    );
    expect(session.of('session.opened')).toHaveLength(1);
    end.open();
    await relay.until('another worker has taken its place', () => session.of('session.opened').length === 2);
    expect(session.finishedTurns).toBe(1);
    expect(session.of('turn.interrupted')).toEqual([]);
    await relay.until('it says that it has no wall', () => session.of('sandbox.changed').at(-1)?.data.mode === 'none');
    expect(session.of('sandbox.changed').at(-1)?.data.behind).toBeUndefined();
    await bed.turn({ sessionId, session });
    bed.expectWhole({ sessionId, session });
    bed.expectTranscriptLikeFile({ sessionId, session });
    relay.order({ order: 'stop', sessionId });
    await relay.until('it ended', () => relay.reports.at(-1)?.state === 'ended');
  });

  it('confines a session as the one that started it is, though nothing here wants that, also after a crash', async () => {
    const sessionId = randomUUID();
    const session = relay.session(sessionId);
    relay.order({ order: 'spawn', sessionId, isResume: false, frame: { mode: 'basic', floor: 'basic' } });
    const isOpen = (times: number) => (): boolean => session.of('session.opened').length === times;
    await relay.until('the session is open', isOpen(1));
    const held = { mode: 'basic', isEnforced: true };
    expect(session.of('sandbox.changed').at(-1)?.data).toMatchObject(held);
    const [pid = NaN] = bed.runner.workerPids();
    process.kill(pid, 'SIGKILL');
    await relay.until('another worker has taken its place', isOpen(2));
    await bed.turn({ sessionId, session });
    for (const { data } of session.of('sandbox.changed')) expect(data).toMatchObject(held);
  });
});
