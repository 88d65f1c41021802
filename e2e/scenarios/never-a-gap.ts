import { RelayApi, ScriptedRunner, type ScriptedWorker, TestViewer } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '../topologies/topology.js';

/** Events of one run: enough that a loss or a repetition at the seams would show. */
const EVENTS = 3_000;

/**
 * Counted runs: a scripted worker sends thousands of numbered events while something is torn away; every viewer must end with
 * each of them once.
 */
export function neverAGap(start: () => Promise<Topology>): void {
  describe('a viewer never sees a gap, a duplicate or another session', () => {
    let product: Topology;
    let owner: RelayApi;
    let runner: ScriptedRunner;
    const opened: { stop(): void }[] = [];

    beforeAll(async () => {
      product = await start();
      owner = await new RelayApi(product.url).register('ada@example.com');
      runner = await ScriptedRunner.connect(owner);
    });
    afterEach(() => {
      for (const each of opened.splice(0)) each.stop();
    });
    afterAll(async () => {
      runner.stop();
      await product.stop();
    });

    it('while two sessions stream to several viewers', async () => {
      const [worker, other] = [await open(), await open()];
      const viewers = [watch(worker), watch(worker), watch(other)];
      await Promise.all([stream(worker, EVENTS), stream(other, EVENTS)]);
      for (const viewer of viewers) await complete(viewer, EVENTS);
    });

    it('through reloads in mid-stream, resumed from the cursor', async () => {
      const worker = await open();
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

    it('through kill -9 of every relay in mid-stream, one after the other, and its restart', async () => {
      const worker = await open();
      const viewer = watch(worker);
      const streaming = stream(worker, EVENTS);
      await viewer.reached(EVENTS / 4);
      for (const relay of product.relays) {
        await relay.kill('SIGKILL');
        await relay.start();
      }
      await streaming;
      await complete(viewer, EVENTS);
    });

    it('through kill -9 of Redis in mid-stream', async () => {
      const worker = await open();
      const viewer = watch(worker);
      const streaming = stream(worker, EVENTS);
      await viewer.reached(EVENTS / 4);
      await product.crashRedis();
      await streaming;
      await complete(viewer, EVENTS);
    });

    it('for a viewer that was cut off while the stream went on', async () => {
      const worker = await open();
      const viewer = watch(worker);
      const streaming = stream(worker, EVENTS);
      await viewer.reached(EVENTS / 4);
      viewer.socket.disconnect();
      await streaming;
      viewer.socket.connect();
      await complete(viewer, EVENTS);
    });

    async function open(): Promise<ScriptedWorker> {
      const worker = await runner.startSession();
      opened.push(worker);
      return worker;
    }

    function watch(worker: ScriptedWorker, afterSeq = 0): TestViewer {
      const viewer = new TestViewer(product.url, owner.apiKey ?? '', worker.sessionId, afterSeq);
      opened.push(viewer);
      return viewer;
    }
  });
}

/** Sends numbered text deltas in small bursts, each after the event loop has had its turn. */
async function stream(worker: ScriptedWorker, count: number): Promise<void> {
  for (let sent = 0; sent < count;) {
    for (let burst = 0; burst < 10 && sent < count; burst++, sent++) {
      worker.send({
        type: 'message.delta',
        data: { messageId: 'm', index: 0, kind: 'text', delta: `${worker.sessionId} ${sent + 1} ` },
      });
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
