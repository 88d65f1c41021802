import { randomUUID } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { API_KEY } from '../testing/fake-api.js';
import type { FakeRelay } from '../testing/fake-relay.js';
import { type BegunSession, RunnerBed } from '../testing/runner-bed.js';
import { buildRunner, type TestRunner } from '../testing/test-runner.js';

// Several processes that each load pi: on a busy machine one start takes many seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** One runner for all, with the Demo model alone. */
let bed: RunnerBed;
let relay: FakeRelay;
let runner: TestRunner;

beforeAll(async () => {
  buildRunner();
  bed = await RunnerBed.create({ isDemo: true });
  ({ relay, runner } = bed);
  runner.start();
  await relay.until('it is online', () => relay.runner !== undefined);
});
afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.error(bed.account);
});
afterAll(() => bed[Symbol.asyncDispose]());

/** In order: each goes on where the one before ended. */
describe('a session', () => {
  let begun: BegunSession;

  beforeAll(async () => {
    begun = await bed.startSession();
  });

  it('runs the Demo model, and its events arrive numbered without holes', async () => {
    const { sessionId, session } = begun;
    await bed.turn(begun);
    bed.expectWhole(begun);
    expect(session.of('message.delta').length).toBeGreaterThan(3);
    expect(session.entries().map(({ kind }) => kind)).toEqual(expect.arrayContaining(['user', 'assistant', 'tool']));
    bed.expectTranscriptLikeFile(begun);
    await relay.until('it is reported', () => relay.reports.some((report) => report.state === 'started'));
    const epoch = session.of('session.opened')[0]?.data.epoch;
    expect(relay.reports).toContainEqual({ sessionId, state: 'started', cwd: runner.workspace, epoch });
    expect(session.inbox).toEqual([]);
  });

  it("does not get the runner's key", () => {
    const [worker] = runner.workerPids();
    expect(readFileSync(`/proc/${worker}/environ`, 'utf8')).not.toContain(API_KEY);
    expect(readFileSync(`/proc/${worker}/cmdline`, 'utf8')).not.toContain(API_KEY);
    expect(runner.workerLog(begun.sessionId)).not.toContain(API_KEY);
  });

  it('answers commands, with a code when refused', async () => {
    const { sessionId, session } = begun;
    expect(await relay.command(sessionId, { command: 'set-name', name: 'Renamed' })).toEqual({ ok: true });
    await relay.until('the name is told', () => session.of('name.changed').some(({ data }) => data.name === 'Renamed'));
    const unknown = await relay.command(sessionId, { command: 'set-model', model: { provider: 'no', id: 'such' } });
    expect(unknown).toMatchObject({ ok: false, problem: { code: 'model_unknown' } });
    const gone = await relay.command(sessionId, { command: 'remove-input', inputId: 'inp_none' });
    expect(gone).toMatchObject({ ok: false, problem: { code: 'input_already_delivered' } });
  });

  it('ends by an order, which may come twice, and resumes from its file', async () => {
    const { sessionId, session } = begun;
    const stop = relay.order({ order: 'stop', sessionId });
    await relay.until('it ended', () => relay.isDone(stop) && relay.reports.at(-1)?.state === 'ended');
    expect(session.events.at(-1)).toMatchObject({ type: 'session.closed', data: { reason: 'stopped' } });
    expect(runner.workerPids()).toEqual([]);
    relay.order({ order: 'stop', sessionId });
    relay.order({ order: 'spawn', sessionId, isResume: true });
    await relay.until('it is open again', () => session.of('session.opened').length === 2);
    await bed.turn(begun);
    bed.expectWhole(begun);
    bed.expectTranscriptLikeFile(begun);
  });

  it('is gone on with in another session, which fails by name where it cannot be', async () => {
    const before = begun.session.entries().map(({ entryId }) => entryId);
    const forkOf = { sessionId: begun.sessionId, entryId: before[1] ?? '' };
    const fork = await bed.startSession({ forkOf });
    await bed.turn(fork);
    expect(
      fork.session
        .entries()
        .slice(0, 2)
        .map(({ entryId }) => entryId),
    ).toEqual(before.slice(0, 2));
    bed.expectWhole(fork);
    bed.expectTranscriptLikeFile(fork);
    expect(begun.session.entries().map(({ entryId }) => entryId)).toEqual(before);

    const stop = relay.order({ order: 'stop', sessionId: fork.sessionId });
    await relay.until('the fork ended', () => relay.isDone(stop));

    const order = { order: 'spawn' as const, isResume: false, forkOf: { ...forkOf, entryId: 'none' } };
    relay.order({ ...order, sessionId: randomUUID() });
    await relay.until('it failed', () => relay.reports.at(-1)?.state === 'failed');
    expect(relay.reports.at(-1)?.failure?.code).toBe('entry_unknown');
  });

  it('leaves nothing behind when it is deleted', async () => {
    const { sessionId } = begun;
    const done = relay.order({ order: 'delete', sessionId });
    await relay.until('it is deleted', () => relay.isDone(done));
    expect(runner.workerPids()).toEqual([]);
    expect(globSync(join(runner.home, '**', `*${sessionId}*`))).toEqual([]);
  });
});

describe('a session that cannot be', () => {
  beforeEach(() => void relay.reports.splice(0));

  it.each([
    ['folder_outside_roots', '/etc'],
    ['folder_missing', 'gone'],
  ])('fails with %s in %s', async (code, folder) => {
    const cwd = folder.startsWith('/') ? folder : join(runner.workspace, folder);
    const sessionId = randomUUID();
    for (const isResume of [false, true]) {
      const done = relay.order({ order: 'spawn', sessionId, cwd, isResume });
      await relay.until('the order is done', () => relay.isDone(done));
      expect(relay.reports.at(-1)).toMatchObject({ state: 'failed', failure: { code } });
    }
    const [first = NaN, second] = relay.reports.map(({ epoch }) => epoch);
    expect(second).toBeGreaterThan(first);
  });

  it('fails where its folder was decided about and leads elsewhere by now, and only there', async () => {
    mkdirSync(join(runner.workspace, 'elsewhere'));
    const cwd = join(runner.workspace, 'led');
    symlinkSync(join(runner.workspace, 'elsewhere'), cwd);
    const done = relay.order({ order: 'spawn', sessionId: randomUUID(), cwd, isFolderReal: true, isResume: false });
    await relay.until('the order is done', () => relay.isDone(done));
    expect(relay.reports.at(-1)).toMatchObject({ state: 'failed', failure: { code: 'folder_missing' } });
    expect(relay.reports.at(-1)?.failure?.detail).toContain('leads to');
    const { sessionId } = await bed.startSession({ cwd });
    await relay.until('it is reported', () => relay.reports.at(-1)?.sessionId === sessionId);
    expect(relay.reports.at(-1)).toMatchObject({ state: 'started', cwd: join(runner.workspace, 'elsewhere') });
    relay.order({ order: 'stop', sessionId });
    await relay.until('it ended', () => relay.reports.at(-1)?.state === 'ended');
  });

  it.each([
    ['model_unknown', { isResume: false, model: { provider: 'no', id: 'such' } }],
    ['session_file_missing', { isResume: true }],
  ])('fails with %s', async (code, order) => {
    relay.order({ order: 'spawn', sessionId: randomUUID(), ...order });
    await relay.until('it failed', () => relay.reports.some((report) => report.state === 'failed'));
    expect(relay.reports.at(-1)?.failure?.code).toBe(code);
  });
});

describe('questions of the relay', () => {
  it('are answered: folders within the roots, and models', async () => {
    mkdirSync(join(runner.workspace, 'project', '.git'), { recursive: true });
    symlinkSync('/etc', join(runner.workspace, 'way-out'));
    const socket = relay.runner?.timeout(20_000);
    expect(await socket?.emitWithAck('runner:list-folders', { path: join(runner.workspace, 'way-out') })).toMatchObject(
      {
        ok: false,
        problem: { code: 'folder_outside_roots' },
      },
    );
    const answer = await socket?.emitWithAck('runner:list-folders', {});
    expect(answer).toMatchObject({ ok: true, listing: { path: runner.workspace, parent: null } });
    expect(answer?.ok && answer.listing.folders).toContainEqual({
      name: 'project',
      path: join(runner.workspace, 'project'),
      isRepository: true,
    });
    const models = await socket?.emitWithAck('runner:list-models', {});
    expect(models).toMatchObject({
      ok: true,
      models: [{ provider: 'demo', id: 'demo', name: 'Demo (no LLM)', isDefault: true }],
    });
  });

  it('that are malformed are refused and do no harm', async () => {
    relay.runner?.emit('runner:orders', Object.assign({ orders: [] }, { orders: [{ order: 'dance' }] }));
    const malformed: object = { path: 7 };
    const answer = await relay.runner?.timeout(20_000).emitWithAck('runner:list-folders', malformed);
    expect(answer).toMatchObject({ ok: false, problem: { code: 'malformed_message' } });
    expect(existsSync(join(runner.home, 'run', 'daemon.sock'))).toBe(true);
  });
});
