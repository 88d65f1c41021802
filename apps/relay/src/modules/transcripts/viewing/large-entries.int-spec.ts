import type { RelayToViewer, TranscriptPage } from '@pizzapi/protocol';
import { ScriptedRunner, type ScriptedWorker, TestViewer } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../../testing/relay-fixture.js';
import { SocketServer } from '../../../platform/sockets/socket-server.js';
import { SocketBacklog } from './socket-backlog.js';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('a session of large entries', () => {
  let cluster: TestCluster;
  let relay: TestRelay;
  let ada: TestAccount;
  let runner: ScriptedRunner;
  const opened: { stop(): void }[] = [];

  beforeAll(async () => {
    cluster = await startCluster();
    relay = await cluster.start();
    ada = await relay.account('ada');
    runner = await ScriptedRunner.connect(ada);
  });
  afterEach(() => {
    for (const each of opened.splice(0)) each.stop();
  });
  afterAll(async () => {
    runner.stop();
    await cluster[Symbol.asyncDispose]();
  });

  it('comes to a viewer in messages of a size that sockets take, all of it and in order', async () => {
    const worker = await telling(40, 300 * KIB);
    const viewer = watch(worker, 0);
    const sizes: number[] = [];
    viewer.socket.on('session:events', (message) => sizes.push(sizeOf(message)));
    await viewer.reached(worker.lastSeq);
    expect(viewer.count).toMatchObject({ gaps: 0, duplicates: 0, resyncs: 0, applied: worker.lastSeq });
    expect(Math.max(...sizes)).toBeLessThan(1.1 * MIB);
  });

  it('has an entry beyond that size, too, which comes alone', async () => {
    const worker = await telling(2, 3 * MIB);
    const viewer = watch(worker, 0);
    await viewer.reached(worker.lastSeq);
    expect(viewer.count).toMatchObject({ gaps: 0, duplicates: 0, applied: worker.lastSeq });
  });

  it('is paged by size as well, in both directions, and begins with such a page', async () => {
    const worker = await telling(40, 300 * KIB);
    const path = `/api/sessions/${worker.sessionId}/transcript?limit=30`;
    const pages = async (cursorOf: (page: TranscriptPage) => string): Promise<TranscriptPage[]> => {
      const found: TranscriptPage[] = [];
      for (let cursor = cursorOf({ entries: [], firstSeq: 1e6, lastSeq: 0, hasMore: true }); ;) {
        const { body } = await ada.get<TranscriptPage>(path + cursor);
        found.push(body);
        if (!body.hasMore) return found;
        cursor = cursorOf(body);
      }
    };
    const lastSeq = async (): Promise<number> => (await ada.get<TranscriptPage>(path)).body.lastSeq;
    await expect.poll(lastSeq, { timeout: 20_000 }).toBe(worker.lastEntrySeq);
    const older = await pages(({ firstSeq }) => `&before=${firstSeq}`);
    const newer = await pages(({ lastSeq }) => `&after=${lastSeq}`);
    for (const all of [older, newer]) expect(Math.max(...all.map(sizeOf))).toBeLessThan(4.1 * MIB);
    const ids = (all: TranscriptPage[]): string[] => all.flatMap((page) => page.entries.map(({ entryId }) => entryId));
    const told = Array.from({ length: 40 }, (_, at) => `e${at + 1}`);
    expect(ids(newer)).toEqual(told);
    expect(ids(older.toReversed())).toEqual(told);
    const viewer = watch(worker, null);
    await viewer.reached(worker.lastSeq);
    expect(sizeOf(viewer.page)).toBeLessThan(4.1 * MIB);
    expect(viewer.page).toMatchObject({ hasMore: true, lastSeq: worker.lastEntrySeq });
  });

  it('waits for a viewer whose network stands still, without piling up for it', async () => {
    const worker = await telling(1, KIB);
    const viewer = watch(worker, 0);
    await viewer.reached(worker.lastSeq);
    viewer.pauseNetwork();
    for (let number = 0; number < 20; number++) {
      say(worker, `later ${number}`, MIB);
      await worker.flushed();
      expect(waitingBytes()).toBeLessThan(6 * MIB);
    }
    viewer.resumeNetwork();
    await viewer.reached(worker.lastSeq);
    expect(viewer.count).toMatchObject({ gaps: 0, applied: worker.lastSeq });
  });

  async function telling(entries: number, bytes: number): Promise<ScriptedWorker> {
    const { body } = await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
    const worker = await runner.startWorker(body.sessionId, relay.url);
    opened.push(worker);
    for (let number = 1; number <= entries; number++) say(worker, `e${number}`, bytes);
    await worker.flushed();
    return worker;
  }

  function watch({ sessionId }: ScriptedWorker, afterSeq: number | null): TestViewer {
    const viewer = new TestViewer(relay.url, ada.apiKey ?? '', sessionId, afterSeq);
    opened.push(viewer);
    return viewer;
  }

  /** What waits in this process because its socket does not take it. */
  function waitingBytes(): number {
    const { sockets } = relay.app.get(SocketServer, { strict: false }).of('/viewer');
    return [...sockets.values()].reduce((bytes, { conn }) => bytes + SocketBacklog.of(conn).bytes, 0);
  }
});

function say(worker: ScriptedWorker, entryId: string, bytes: number): void {
  const content = { role: 'assistant', text: 'x'.repeat(bytes) };
  worker.send({
    type: 'entry.appended',
    data: { entryId, kind: 'assistant', ts: new Date().toISOString(), content },
  });
}

function sizeOf(value: Parameters<RelayToViewer['session:events']>[0] | TranscriptPage | null): number {
  return JSON.stringify(value).length;
}
