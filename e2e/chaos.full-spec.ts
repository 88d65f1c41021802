import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { TranscriptPage } from '@pizzapi/protocol';
import { RelayApi, ScriptedRunner, type ScriptedWorker, seededRandom, TestViewer, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneRelay, type Topology, twoRelays } from './topologies/topology.js';

const SESSIONS = 4;
const EVENTS = 8_000;
/** Every so many events one is a finished entry. */
const ENTRY_EVERY = 20;

/** `PIZZAPI_CHAOS_SEED` replays a run: the same faults in the same order, at the same moments as far as the machine allows. */
const seed = Number(process.env['PIZZAPI_CHAOS_SEED'] ?? randomInt(1, 2 ** 31));

describe.each([
  ['one relay', oneRelay],
  ['two relays', twoRelays],
])('chaos with %s, seed ' + seed, (_name, start) => {
  let product: Topology;
  let owner: RelayApi;
  let runner: ScriptedRunner;

  beforeAll(async () => {
    product = await start();
    owner = await new RelayApi(product.url).register('ada@example.com');
    runner = await ScriptedRunner.connect(owner);
  });
  afterAll(async () => {
    runner.stop();
    await product.stop();
  });

  it('loses nothing, doubles nothing, mixes nothing up', async () => {
    const workers = await Promise.all(Array.from({ length: SESSIONS }, () => runner.startSession()));
    const viewers = workers.flatMap((worker) => [watch(worker), watch(worker)]);
    const streaming = Promise.all(workers.map(stream));
    const isDone = streaming.then(() => true);
    const random = seededRandom(seed);
    for (let round = 0; ; round++) {
      await pause(200 + random() * 1_500);
      if (await Promise.race([isDone, pause(0, false)])) break;
      await fault(product, viewers, random);
    }
    for (const viewer of viewers) {
      await viewer.reached(EVENTS);
      expect(viewer.count, `seed ${seed}`).toMatchObject({ applied: EVENTS, duplicates: 0, gaps: 0, foreign: 0 });
    }
    for (const worker of workers) {
      await waitFor(async () => (await transcript(worker)).length === EVENTS / ENTRY_EVERY, {
        description: 'the transcript is whole',
      });
      expect(await transcript(worker), `seed ${seed}`).toEqual(expectedEntries());
    }
    for (const each of [...viewers, ...workers]) each.stop();
  });

  function watch(worker: ScriptedWorker): TestViewer {
    return new TestViewer(product.url, owner.apiKey ?? '', worker.sessionId, 0);
  }

  async function transcript(worker: ScriptedWorker): Promise<string[]> {
    const ids: string[] = [];
    for (let after = 0, hasMore = true; hasMore;) {
      const { body } = await owner.get<TranscriptPage>(
        `/api/sessions/${worker.sessionId}/transcript?after=${after}&limit=200`,
      );
      ids.push(...body.entries.map(({ entryId }) => entryId));
      hasMore = body.hasMore;
      after = body.lastSeq;
    }
    return ids;
  }
});

async function stream(worker: ScriptedWorker): Promise<void> {
  for (let number = 1; number <= EVENTS; number++) {
    if (number % ENTRY_EVERY === 0) {
      const content = { role: 'user', content: String(number) };
      worker.send({
        type: 'entry.appended',
        data: { entryId: `e${number}`, kind: 'user', ts: new Date().toISOString(), content },
      });
    } else {
      worker.send({ type: 'tool.output', data: { toolCallId: 't', delta: `${worker.sessionId} ${number}` } });
    }
    // A pace that lasts long enough for many faults.
    if (number % 10 === 0) await pause(25);
  }
  await worker.flushed();
}

function expectedEntries(): string[] {
  return Array.from({ length: EVENTS / ENTRY_EVERY }, (_, index) => `e${(index + 1) * ENTRY_EVERY}`);
}

async function fault(product: Topology, viewers: TestViewer[], random: () => number): Promise<void> {
  const relay = product.relays[Math.floor(random() * product.relays.length)];
  const kind = random();
  if (kind < 0.35 && relay) {
    await relay.kill('SIGKILL');
    await pause(random() * 1_000);
    await relay.start();
  } else if (kind < 0.45 && relay) {
    await relay.stop();
    await relay.start();
  } else if (kind < 0.7) {
    await product.crashRedis();
  } else {
    const viewer = viewers[Math.floor(random() * viewers.length)];
    viewer?.socket.disconnect();
    await pause(random() * 2_000);
    viewer?.socket.connect();
  }
}
