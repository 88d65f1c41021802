import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { API_KEY, ENROLMENT_SECRET } from '../testing/fake-api.js';
import { FakeRelay } from '../testing/fake-relay.js';
import { expectOneAfterAnother, startTimes } from '../testing/session-traces.js';
import { buildRunner, TestRunner } from '../testing/test-runner.js';

// Several processes that each load pi: on a busy machine one start takes many seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let relay: FakeRelay;
let runner: TestRunner;

beforeAll(() => buildRunner());
beforeEach(async () => {
  relay = new FakeRelay();
  await relay.start();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    console.error(runner.output, [...relay.sessions.keys()].map((id) => runner.workerLog(id)).join('\n'));
  await runner.dispose();
  await relay.stop();
});

describe('many starts at once', () => {
  it('come one after another where one is allowed, also after a restart, and a stop need not wait', async () => {
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

describe("the runner's key", () => {
  it('comes by enrolment, and stays private', async () => {
    runner = new TestRunner({ PIZZAPI_RELAY_URL: relay.url });
    const secretFile = join(runner.home, 'relay', 'enrolment-secret');
    runner.start();
    await relay.until('it says what is missing', () => runner.output.includes('PIZZAPI_API_KEY'));
    mkdirSync(dirname(secretFile), { recursive: true });
    writeFileSync(secretFile, `${ENROLMENT_SECRET}\n`);
    await relay.until('it is online', () => relay.hellos.length === 1);
    expect(relay.api.enrolments).toBe(1);
    const identity = join(runner.home, 'runner.json');
    expect(readFileSync(identity, 'utf8')).toContain(API_KEY);
    expect(statSync(identity).mode & 0o777).toBe(0o600);
    expect(runner.output).not.toContain(API_KEY);
    expect(runner.output).not.toContain(ENROLMENT_SECRET);
  });

  it('waits for a relay that does not answer, which is said once, with what to look at', async () => {
    await relay.stop();
    runner = new TestRunner({ PIZZAPI_RELAY_URL: relay.url, PIZZAPI_API_KEY: API_KEY });
    runner.start();
    const advice = `ECONNREFUSED ${new URL(relay.url).host}. Trying again: does the relay run, and is ${relay.url} (PIZZAPI_RELAY_URL)`;
    await relay.until('it says so', () => runner.output.includes(advice));
    await relay.start();
    await relay.until('it is online', () => relay.hellos.length === 1);
    expect(runner.output.split('cannot connect to the relay')).toHaveLength(2);
  });

  it('is asked for once when it is refused, without a storm of attempts', async () => {
    relay.api.keys.clear();
    runner = new TestRunner({ PIZZAPI_RELAY_URL: relay.url, PIZZAPI_API_KEY: API_KEY });
    runner.start();
    await relay.until('it is refused', () => relay.refusals === 1);
    await relay.until('it says so', () => runner.output.includes('refuses this runner'));
    expect(runner.output.match(/refuses this runner/g)).toHaveLength(1);
  });
});
