import type { SessionView, TranscriptPage } from '@pizzapi/protocol';
import {
  RedisServer,
  RelayApi,
  RelayProcess,
  removeFolder,
  ScriptedRunner,
  type ScriptedWorker,
  temporaryFolder,
  TestViewer,
  waitFor,
} from '@pizzapi/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const BUFFER = 100;

/** Viewers that come late, are slow, or return to a relay that has forgotten: transcript, message in progress and live tail fit together. */
describe('late and slow viewers', () => {
  let home: string;
  let redis: RedisServer;
  let relay: RelayProcess;
  let owner: RelayApi;
  let runner: ScriptedRunner;
  const opened: { stop(): void }[] = [];

  beforeAll(async () => {
    home = await temporaryFolder('late');
    redis = await RedisServer.start();
    const env = { PIZZAPI_RELAY_EVENT_BUFFER_SIZE: String(BUFFER) };
    relay = await RelayProcess.start({ home, redisUrl: redis.url, env });
    owner = await new RelayApi(relay.url).register('ada@example.com');
    runner = await ScriptedRunner.connect(owner);
  });
  afterEach(() => {
    for (const each of opened.splice(0)) each.stop();
  });
  afterAll(async () => {
    runner.stop();
    await relay.stop();
    await redis.stop();
    await removeFolder(home);
  });

  it('resynchronises a viewer whose cursor is older than the buffer', async () => {
    const worker = await open();
    for (let number = 1; number <= 300; number++) sendEntry(worker, `entry ${number}`);
    await transcribed(worker);
    await trimmedBelow(worker, worker.lastSeq - BUFFER);
    const viewer = watch(worker, 1);
    await viewer.reached(worker.lastSeq);
    expect(viewer.count).toMatchObject({ resyncs: 1, gaps: 0, duplicates: 0 });
    expect(viewer.page?.entries.at(-1)?.content).toMatchObject({ content: 'entry 300' });
    expect(viewer.page?.hasMore).toBe(true);
  });

  it('shows a late viewer the whole message in progress, however long it is', async () => {
    const worker = await open();
    sendEntry(worker, 'question');
    worker.send({ type: 'message.started', data: { messageId: 'm1', model: { provider: 'p', id: 'm' } } });
    const words = Array.from({ length: 10 * BUFFER }, (_, index) => `${index} `);
    for (const delta of words)
      worker.send({ type: 'message.delta', data: { messageId: 'm1', index: 0, kind: 'text', delta } });
    worker.send({ type: 'activity.changed', data: { activity: 'working' } });
    await transcribed(worker);
    const viewer = watch(worker, null);
    await viewer.reached(worker.lastSeq);
    const text = viewer.events.map((event) => (event.type === 'message.delta' ? event.data.delta : '')).join('');
    expect(text).toBe(words.join(''));
    // The state may be older than the last events, which bring it up to date.
    const change = viewer.events.findLast((event) => event.type === 'activity.changed');
    expect(change?.data ?? viewer.state).toMatchObject({ activity: 'working' });
    expect(viewer.page?.entries.map(({ content }) => content)).toMatchObject([{ content: 'question' }]);
  });

  it('catches up a viewer whose network stood still, without a gap', async () => {
    const worker = await open();
    const slow = watch(worker, 0);
    worker.send({ type: 'tool.started', data: { toolCallId: 't', toolName: 'bash', args: {} } });
    await slow.reached(1);
    slow.pauseNetwork();
    // Far more than the kernel's buffers hold, so that the relay has to stop sending to this viewer.
    const delta = 'x'.repeat(16 * 1024);
    for (let number = 0; number < 2_000; number++) {
      worker.send({ type: 'tool.output', data: { toolCallId: 't', delta } });
      if (number % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await worker.flushed();
    slow.resumeNetwork();
    await slow.reached(worker.lastSeq);
    expect(slow.count).toMatchObject({ applied: 2_001, gaps: 0, duplicates: 0, resyncs: 0 });
  });

  it('pages the transcript in both directions', async () => {
    const worker = await open();
    for (let number = 1; number <= 25; number++) sendEntry(worker, `entry ${number}`);
    await transcribed(worker);
    const path = `/api/sessions/${worker.sessionId}/transcript`;
    const last = (await owner.get<TranscriptPage>(`${path}?limit=10`)).body;
    expect(texts(last)).toEqual(numbered(16, 25));
    expect(last.hasMore).toBe(true);
    const before = (await owner.get<TranscriptPage>(`${path}?limit=100&before=${last.firstSeq}`)).body;
    expect(texts(before)).toEqual(numbered(1, 15));
    expect(before.hasMore).toBe(false);
    const after = (await owner.get<TranscriptPage>(`${path}?limit=5&after=${before.lastSeq}`)).body;
    expect(texts(after)).toEqual(numbered(16, 20));
    expect(after.hasMore).toBe(true);
    expect((await owner.get(`${path}?limit=0`)).status).toBe(400);
  });

  it('goes on after Redis has lost its log: numbers rise, the transcript stays, viewers resynchronise', async () => {
    const worker = await open();
    sendEntry(worker, 'before');
    await transcribed(worker);
    const viewer = watch(worker, 0);
    await viewer.reached(worker.lastSeq);
    const before = worker.lastSeq;
    const client = new Redis(redis.url);
    await client.del(`pz:{s:${worker.sessionId}}:events`, `pz:{s:${worker.sessionId}}:meta`);
    client.disconnect();
    sendEntry(worker, 'after');
    await transcribed(worker);
    await viewer.reached(worker.lastSeq);
    expect(worker.lastSeq).toBe(before + 1);
    expect(viewer.count.resyncs).toBeGreaterThan(0);
    const page = (await owner.get<TranscriptPage>(`/api/sessions/${worker.sessionId}/transcript`)).body;
    expect(texts(page)).toEqual(['before', 'after']);
  });

  it('tells the viewers of a session that is deleted', async () => {
    const worker = await open();
    const viewer = watch(worker, 0);
    const dismissed = new Promise<string>((resolve) =>
      viewer.socket.once('session:detached', ({ code }) => resolve(code)),
    );
    sendEntry(worker, 'hello');
    await viewer.reached(1);
    expect((await owner.delete(`/api/sessions/${worker.sessionId}`)).status).toBe(204);
    expect(await dismissed).toBe('not_found');
  });

  async function open(): Promise<ScriptedWorker> {
    const worker = await runner.startSession();
    opened.push(worker);
    return worker;
  }

  function watch(worker: ScriptedWorker, afterSeq: number | null): TestViewer {
    const viewer = new TestViewer(relay.url, owner.apiKey ?? '', worker.sessionId, afterSeq);
    opened.push(viewer);
    return viewer;
  }

  /** Waits until the projector has taken everything that was sent: the last entry is in the transcript. */
  async function transcribed(worker: ScriptedWorker): Promise<void> {
    await worker.flushed();
    await waitFor(
      async () => {
        const session = (await owner.get<SessionView>(`/api/sessions/${worker.sessionId}`)).body;
        const page = (await owner.get<TranscriptPage>(`/api/sessions/${worker.sessionId}/transcript?limit=1`)).body;
        return session.lastEventSeq === worker.lastSeq && page.lastSeq === worker.lastEntrySeq;
      },
      { description: 'the transcript is level with the log' },
    );
  }

  async function trimmedBelow(worker: ScriptedWorker, seq: number): Promise<void> {
    const client = new Redis(redis.url);
    try {
      await waitFor(async () => (await client.xlen(`pz:{s:${worker.sessionId}}:events`)) < seq, {
        description: 'the log was trimmed',
      });
    } finally {
      client.disconnect();
    }
  }
});

let entryCount = 0;

function sendEntry(worker: ScriptedWorker, text: string): void {
  worker.send({
    type: 'entry.appended',
    data: {
      entryId: `e${++entryCount}`,
      kind: 'user',
      ts: new Date().toISOString(),
      content: { role: 'user', content: text },
    },
  });
}

function texts(page: TranscriptPage): string[] {
  return page.entries.map(({ content }) =>
    typeof content === 'object' && content !== null && 'content' in content ? String(content.content) : '',
  );
}

function numbered(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `entry ${first + index}`);
}
