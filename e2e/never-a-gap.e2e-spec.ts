import { RelayApi, RelayProcess, removeFolder, ScriptedRunner, type ScriptedWorker, temporaryFolder, TestViewer, waitFor } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

/** Events of one run: enough that a loss or a repetition at the seams would show. */
const EVENTS = 3_000;

/**
 * Counted runs: a scripted worker sends thousands of numbered events while something is torn away; every viewer must end with
 * each of them once.
 */
describe('a viewer never sees a gap, a duplicate or another session', () => {
  let home: string;
  let relay: RelayProcess;
  let owner: RelayApi;
  let runner: ScriptedRunner;
  const opened: { stop(): void }[] = [];

  beforeAll(async () => {
    home = await temporaryFolder('never-a-gap');
    relay = await RelayProcess.start({ home });
    owner = await new RelayApi(relay.url).register('ada@example.com');
    runner = await ScriptedRunner.connect(owner);
  });
  afterEach(() => {
    for (const each of opened.splice(0)) each.stop();
  });
  afterAll(async () => {
    runner.stop();
    await relay.stop();
    await removeFolder(home);
  });

  it('while two sessions stream to several viewers', async () => {
    const [worker, other] = [await start(), await start()];
    const viewers = [watch(worker), watch(worker), watch(other)];
    await Promise.all([stream(worker, EVENTS), stream(other, EVENTS)]);
    for (const viewer of viewers) await complete(viewer, EVENTS);
  });

  it('through reloads in mid-stream, resumed from the cursor', async () => {
    const worker = await start();
    const first = watch(worker);
    const streaming = stream(worker, EVENTS);
    await first.reached(EVENTS / 3);
    first.stop();
    const second = watch(worker, first.lastSeq);
    await second.reached((EVENTS * 2) / 3);
    second.stop();
    const third = watch(worker, second.lastSeq);
    await streaming;
    await third.reached(EVENTS);
    const seen = [...first.events, ...second.events, ...third.events].map(({ seq }) => seq);
    expect(seen).toEqual(range(EVENTS));
  });

  it('through kill -9 of the relay in mid-stream and its restart', async () => {
    const worker = await start();
    const viewer = watch(worker);
    const streaming = stream(worker, EVENTS);
    await viewer.reached(EVENTS / 4);
    await relay.kill('SIGKILL');
    await relay.start();
    await streaming;
    await complete(viewer, EVENTS);
  });

  it("through kill -9 of the relay's own Redis, which is back within two seconds", async () => {
    const worker = await start();
    const viewer = watch(worker);
    const streaming = stream(worker, EVENTS);
    await viewer.reached(EVENTS / 4);
    const killed = relay.redisPid();
    const killedAt = performance.now();
    process.kill(killed, 'SIGKILL');
    await waitFor(() => relay.redisPid() !== killed, { description: 'Redis runs again' });
    expect(performance.now() - killedAt).toBeLessThan(2_000);
    await streaming;
    await complete(viewer, EVENTS);
  });

  it('for a viewer that was cut off while the stream went on', async () => {
    const worker = await start();
    const viewer = watch(worker);
    const streaming = stream(worker, EVENTS);
    await viewer.reached(EVENTS / 4);
    viewer.socket.disconnect();
    await streaming;
    viewer.socket.connect();
    await complete(viewer, EVENTS);
  });

  async function start(): Promise<ScriptedWorker> {
    const worker = await runner.startSession();
    opened.push(worker);
    return worker;
  }

  function watch(worker: ScriptedWorker, afterSeq = 0): TestViewer {
    const viewer = new TestViewer(relay.url, owner.apiKey ?? '', worker.sessionId, afterSeq);
    opened.push(viewer);
    return viewer;
  }
});

/** Sends numbered text deltas in small bursts, each after the event loop has had its turn. */
async function stream(worker: ScriptedWorker, count: number): Promise<void> {
  for (let sent = 0; sent < count; ) {
    for (let burst = 0; burst < 10 && sent < count; burst++, sent++) {
      worker.send({ type: 'message.delta', data: { messageId: 'm', index: 0, kind: 'text', delta: `${worker.sessionId} ${sent + 1} ` } });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await worker.flushed();
}

async function complete(viewer: TestViewer, count: number): Promise<void> {
  await viewer.reached(count);
  expect(viewer.count).toMatchObject({ applied: count, duplicates: 0, gaps: 0, foreign: 0 });
  expect(viewer.events.map(({ seq }) => seq)).toEqual(range(count));
  const texts = viewer.events.map((event) => (event.type === 'message.delta' ? event.data.delta : ''));
  expect(texts).toEqual(range(count).map((number) => `${viewer.sessionId} ${number} `));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
