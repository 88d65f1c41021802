import { randomUUID } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SessionEvent } from '@pizzapi/protocol';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { API_KEY, ENROLMENT_SECRET, FakeRelay } from '../testing/fake-relay.js';
import type { FakeSession } from '../testing/fake-session.js';
import { expectOneAfterAnother, messageIdsInFile, startTimes } from '../testing/session-traces.js';
import { buildRunner, TestRunner } from '../testing/test-runner.js';

// Several processes that each load pi: on a busy machine one start takes many seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let relay: FakeRelay;
let runner: TestRunner;

beforeAll(() => buildRunner());

beforeEach(async () => {
  relay = new FakeRelay();
  await relay.start();
  runner = new TestRunner({ PIZZAPI_RELAY_URL: relay.url, PIZZAPI_API_KEY: API_KEY });
});

afterEach(async (context) => {
  if (context.task.result?.state === 'fail')
    console.error(runner.output, [...relay.sessions.keys()].map((id) => runner.workerLog(id)).join('\n'));
  await runner.dispose();
  await relay.stop();
});

/** Starts the runner and a session; resolves when its worker has registered and is idle. */
async function startSession(): Promise<{ sessionId: string; session: FakeSession }> {
  runner.start();
  const sessionId = randomUUID();
  const session = relay.session(sessionId);
  relay.order({ order: 'spawn', sessionId, isResume: false });
  await relay.until('the session is open', () => session.of('session.opened').length === 1);
  return { sessionId, session };
}

async function turn(sessionId: string, session: FakeSession, text = 'Hello'): Promise<void> {
  const before = finishedTurns(session);
  relay.deliver(sessionId, text);
  await relay.until('the turn is over', () => finishedTurns(session) > before);
}

function finishedTurns(session: FakeSession): number {
  const activities = session.of('activity.changed').map(({ data }) => data.activity);
  return activities.filter((activity, index) => activity === 'idle' && activities[index - 1] === 'working').length;
}

function expectWhole(events: SessionEvent[]): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const entryIds = events.flatMap((event) => (event.type === 'entry.appended' ? [event.data.entryId] : []));
  expect(new Set(entryIds).size).toBe(entryIds.length);
  expect(relay.faults).toEqual([]);
}

/** The messages in the session's file must be what the relay has, once each and in order. */
function expectTranscriptLikeFile(sessionId: string, session: FakeSession): void {
  const ids = messageIdsInFile(runner, sessionId);
  const entryIds = session.entries().map(({ entryId }) => entryId);
  expect(entryIds.filter((id) => ids.includes(id))).toEqual(ids);
}

describe('a session', () => {
  it('runs the Demo model, and its events arrive numbered without holes', async () => {
    const { sessionId, session } = await startSession();
    await turn(sessionId, session);
    expectWhole(session.events);
    expect(session.of('message.delta').length).toBeGreaterThan(3);
    expect(session.entries().map(({ kind }) => kind)).toEqual(expect.arrayContaining(['user', 'assistant', 'tool']));
    expectTranscriptLikeFile(sessionId, session);
    await relay.until('it is reported', () => relay.reports.some((report) => report.state === 'started'));
    const [opened] = session.of('session.opened');
    const epoch = opened?.data.epoch;
    expect(relay.reports).toContainEqual({ sessionId, state: 'started', cwd: runner.workspace, epoch });
    expect(session.inbox).toEqual([]);
  });

  it('answers commands, with a code when refused', async () => {
    const { sessionId, session } = await startSession();
    expect(await relay.command(sessionId, { command: 'set-name', name: 'Renamed' })).toEqual({ ok: true });
    await relay.until('the name is told', () => session.of('name.changed').some(({ data }) => data.name === 'Renamed'));
    const unknown = await relay.command(sessionId, { command: 'set-model', model: { provider: 'no', id: 'such' } });
    expect(unknown).toMatchObject({ ok: false, problem: { code: 'model_unknown' } });
    const gone = await relay.command(sessionId, { command: 'remove-input', inputId: 'inp_none' });
    expect(gone).toMatchObject({ ok: false, problem: { code: 'input_already_delivered' } });
  });

  it('ends by an order, which may come twice, and resumes from its file', async () => {
    const { sessionId, session } = await startSession();
    await turn(sessionId, session);
    const stop = relay.order({ order: 'stop', sessionId });
    await relay.until('it ended', () => relay.isDone(stop) && relay.reports.at(-1)?.state === 'ended');
    expect(session.events.at(-1)).toMatchObject({ type: 'session.closed', data: { reason: 'stopped' } });
    expect(runner.workerPids()).toEqual([]);
    relay.order({ order: 'stop', sessionId });
    relay.order({ order: 'spawn', sessionId, isResume: true });
    await relay.until('it is open again', () => session.of('session.opened').length === 2);
    await turn(sessionId, session);
    expectWhole(session.events);
    expectTranscriptLikeFile(sessionId, session);
  });

  it('leaves nothing behind when it is deleted', async () => {
    const { sessionId, session } = await startSession();
    await turn(sessionId, session);
    const done = relay.order({ order: 'delete', sessionId });
    await relay.until('it is deleted', () => relay.isDone(done));
    expect(runner.workerPids()).toEqual([]);
    expect(globSync(join(runner.home, '**', `*${sessionId}*`))).toEqual([]);
  });

  it.each([
    ['folder_outside_roots', '/etc'],
    ['folder_missing', 'gone'],
  ])('fails with %s in %s', async (code, folder) => {
    runner.start();
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

  it.each([
    ['model_unknown', { isResume: false, model: { provider: 'no', id: 'such' } }],
    ['session_file_missing', { isResume: true }],
  ])('fails with %s', async (code, order) => {
    runner.start();
    relay.order({ order: 'spawn', sessionId: randomUUID(), ...order });
    await relay.until('it failed', () => relay.reports.some((report) => report.state === 'failed'));
    expect(relay.reports.at(-1)?.failure?.code).toBe(code);
  });
});

describe('crashes', () => {
  it('starts a killed worker again on its file, and gives up after three times', async () => {
    const { sessionId, session } = await startSession();
    relay.deliver(sessionId, 'Hello');
    await relay.until('it streams', () => session.of('message.delta').length > 2);
    for (let opened = 2; opened <= 4; opened++) {
      for (const pid of runner.workerPids()) process.kill(pid, 'SIGKILL');
      await relay.until('it is open again', () => session.of('session.opened').length === opened);
    }
    const epochs = session.of('session.opened').map(({ data }) => data.epoch);
    expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
    expect(relay.reports.filter(({ state }) => state === 'restarting')).toHaveLength(3);
    expectWhole(session.events);
    expectTranscriptLikeFile(sessionId, session);
    for (const pid of runner.workerPids()) process.kill(pid, 'SIGKILL');
    await relay.until('it failed', () => relay.reports.at(-1)?.state === 'failed');
    expect(relay.reports.at(-1)?.failure?.code).toBe('worker_crashed');
  });

  it('keeps the worker when the daemon is killed, and adopts it', async () => {
    const { sessionId, session } = await startSession();
    const workers = runner.workerPids();
    relay.deliver(sessionId, 'Hello');
    await relay.until('it streams', () => session.of('message.delta').length > 2);
    process.kill(runner.daemonPid() ?? 0, 'SIGKILL');
    await relay.until('the turn is over', () => finishedTurns(session) === 1);
    await relay.until('the runner is back', () => relay.hellos.length === 2);
    await relay.stop(); // the worker needs a token from the new daemon now
    await relay.start();
    await turn(sessionId, session);
    expect(runner.workerPids()).toEqual(workers);
    expect(session.of('session.opened')).toHaveLength(1);
    expectWhole(session.events);
    const stop = relay.order({ order: 'stop', sessionId });
    await relay.until('the adopted worker ends', () => relay.isDone(stop));
    expect(runner.workerPids()).toEqual([]);
  });

  it('leaves the workers to the next runner when the supervisor is killed', async () => {
    const { sessionId, session } = await startSession();
    const workers = runner.workerPids();
    await runner.stop('SIGKILL');
    await relay.until('the daemon ended', () => runner.daemonPid() === undefined);
    expect(runner.workerPids()).toEqual(workers);
    runner.start();
    await relay.until('the runner is back', () => relay.hellos.length === 2);
    await turn(sessionId, session);
    expect(runner.workerPids()).toEqual(workers);
  });

  it('loses and doubles nothing when the relay goes away in mid-stream', async () => {
    const { sessionId, session } = await startSession();
    for (let round = 0; round < 3; round++) {
      const before = session.events.length;
      relay.deliver(sessionId, `Round ${round}`);
      await relay.until('it streams', () => session.events.length > before + 10);
      await relay.stop();
      await relay.start();
      await relay.until('the turn is over', () => finishedTurns(session) === round + 1);
    }
    expectWhole(session.events);
    expectTranscriptLikeFile(sessionId, session);
    expect(session.of('session.opened')).toHaveLength(1);
  });
});

describe('many starts at once', () => {
  it('come one after another where one is allowed, also after a restart, and a stop need not wait', async () => {
    await runner.dispose();
    runner = new TestRunner({
      PIZZAPI_RELAY_URL: relay.url,
      PIZZAPI_API_KEY: API_KEY,
      PIZZAPI_MAX_WORKER_STARTS: '1',
    });
    const sessionIds = Array.from({ length: 4 }, () => randomUUID());
    for (const sessionId of sessionIds) {
      relay.session(sessionId);
      relay.order({ order: 'spawn', sessionId, isResume: false });
    }
    const stopped = sessionIds.pop() ?? '';
    relay.order({ order: 'stop', sessionId: stopped });
    runner.start();
    const opened = (): number[] => sessionIds.map((id) => relay.session(id).of('session.opened').length);
    await relay.until('all are open', () => opened().every((times) => times === 1));
    expect(relay.reports[0]).toEqual(expect.objectContaining({ sessionId: stopped, state: 'ended' }));
    expect(runner.workerLog(stopped)).toBe('');
    expectOneAfterAnother(startTimes(runner, sessionIds), sessionIds.length);

    expect(await runner.stop()).toBe(0);
    for (const sessionId of sessionIds) rmSync(join(runner.home, 'run', 'logs', `${sessionId}.log`));
    runner.start();
    await relay.until('all are open again', () => opened().every((times) => times === 2));
    expectOneAfterAnother(startTimes(runner, sessionIds), sessionIds.length);
  });
});

describe("the runner's end", () => {
  it('leaves no process behind, and its sessions come back', async () => {
    const { sessionId, session } = await startSession();
    relay.deliver(sessionId, 'Hello');
    await relay.until('it streams', () => session.of('message.delta').length > 2);
    expect(await runner.stop('SIGTERM')).toBe(0);
    expect(runner.processes()).toEqual([]);
    expect(session.of('session.closed').at(-1)?.data.reason).toBe('shutdown');
    runner.start();
    await relay.until('it is open again', () => session.of('session.opened').length === 2);
    expectWhole(session.events);
    expectTranscriptLikeFile(sessionId, session);
  });

  it('leaves no process behind when the daemon was killed just before', async () => {
    await startSession();
    process.kill(runner.daemonPid() ?? 0, 'SIGKILL');
    expect(await runner.stop('SIGINT')).toBe(0);
    expect(runner.processes()).toEqual([]);
  });
});

describe("the runner's key", () => {
  it('comes by enrolment, and stays private', async () => {
    await runner.dispose();
    runner = new TestRunner({ PIZZAPI_RELAY_URL: relay.url });
    const secretFile = join(runner.home, 'relay', 'enrolment-secret');
    runner.start();
    await relay.until('it says what is missing', () => runner.output.includes('PIZZAPI_API_KEY'));
    mkdirSync(dirname(secretFile), { recursive: true });
    writeFileSync(secretFile, `${ENROLMENT_SECRET}\n`);
    await relay.until('it is online', () => relay.hellos.length === 1);
    expect(relay.enrolments).toBe(1);
    const identity = join(runner.home, 'runner.json');
    expect(readFileSync(identity, 'utf8')).toContain(API_KEY);
    expect(statSync(identity).mode & 0o777).toBe(0o600);
    expect(runner.output).not.toContain(API_KEY);
    expect(runner.output).not.toContain(ENROLMENT_SECRET);
  });

  it('is not given to agents', async () => {
    const { sessionId } = await startSession();
    const [worker] = runner.workerPids();
    expect(readFileSync(`/proc/${worker}/environ`, 'utf8')).not.toContain(API_KEY);
    expect(readFileSync(`/proc/${worker}/cmdline`, 'utf8')).not.toContain(API_KEY);
    expect(runner.workerLog(sessionId)).not.toContain(API_KEY);
  });

  it('is asked for once when it is refused, without a storm of attempts', async () => {
    relay.apiKeys.clear();
    runner.start();
    await relay.until('it is refused', () => relay.refusals === 1);
    await relay.until('it says so', () => runner.output.includes('refuses this runner'));
    expect(runner.output.match(/refuses this runner/g)).toHaveLength(1);
  });
});

describe('questions of the relay', () => {
  it('are answered: folders within the roots, and models', async () => {
    mkdirSync(join(runner.workspace, 'project', '.git'), { recursive: true });
    symlinkSync('/etc', join(runner.workspace, 'way-out'));
    runner.start();
    await relay.until('it is online', () => relay.runner !== undefined);
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
    runner.start();
    await relay.until('it is online', () => relay.runner !== undefined);
    relay.runner?.emit('runner:orders', Object.assign({ orders: [] }, { orders: [{ order: 'dance' }] }));
    const malformed: object = { path: 7 };
    const answer = await relay.runner?.timeout(5_000).emitWithAck('runner:list-folders', malformed);
    expect(answer).toMatchObject({ ok: false, problem: { code: 'malformed_message' } });
    expect(existsSync(join(runner.home, 'run', 'daemon.sock'))).toBe(true);
  });
});
