import { once } from 'node:events';
import { get, type IncomingMessage, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { AgentReadOutput, OutputPiece, SessionView, SocketAnswer, TranscriptPage } from '@pizzapi/protocol';
import { gate, RelayApi, ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TwoReplicas } from '../../../../testing/two-replicas.js';

const MIB = 1024 * 1024;
const PIECES = ['The oven is hot: 230 °', 'C.\n🍕', '🍕\n', '', 'né'];
const WHOLE = PIECES.join('');

/** Answers with these pieces, whose places are their numbers. */
function inPieces(pieces: readonly string[]) {
  const bytes = Buffer.byteLength(pieces.join(''));
  return ({ from }: AgentReadOutput): Promise<SocketAnswer<OutputPiece>> =>
    Promise.resolve({ ok: true, text: pieces[from] ?? '', next: from + 1 < pieces.length ? from + 1 : null, bytes });
}

describe('the output of a tool', () => {
  let replicas: TwoReplicas;
  beforeAll(async () => {
    replicas = await TwoReplicas.start();
  });
  afterAll(() => replicas[Symbol.asyncDispose]());

  /** A session of which a tool has put out {@link PIECES}; its worker is attached to the other relay. */
  async function ran(
    on: ScriptedRunner = replicas.runner,
    relayUrl = replicas.two.url,
  ): Promise<{ worker: ScriptedWorker; path: (id: string) => string }> {
    const worker = await on.startSession({ relayUrl });
    worker.outputOf = inPieces(PIECES);
    tell(worker);
    await worker.flushed();
    return { worker, path: (entryId) => `/api/sessions/${worker.sessionId}/transcript/${entryId}/output` };
  }

  function tell(worker: ScriptedWorker): void {
    const ts = new Date().toISOString();
    const content = [{ type: 'text', text: 'The oven' }];
    const result = { role: 'toolResult', toolCallId: 't1', toolName: 'mcp__oven__read "log"', content };
    worker.send(
      { type: 'entry.appended', data: { entryId: 'u1', kind: 'user', ts, content: { role: 'user', content: 'Read' } } },
      { type: 'entry.appended', data: { entryId: 't1', kind: 'tool', ts, content: result, outputBytes: 5_000_000 } },
    );
  }

  /** An answer whose body nobody reads yet. */
  function opened(path: string): Promise<IncomingMessage> {
    const { one, ada } = replicas;
    return new Promise((resolve, reject) => {
      get(one.url + path, { agent: false, headers: { 'x-api-key': ada.apiKey ?? '' } }, resolve).on('error', reject);
    });
  }

  /** All that comes on a connection that is kept alive, until the relay ends it. */
  async function rawAnswer(path: string): Promise<string> {
    const { one, ada } = replicas;
    const { hostname, port } = new URL(one.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nx-api-key: ${ada.apiKey}\r\n\r\n`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString();
  }

  it('is downloaded whole, piece by piece, wherever its worker is attached', async () => {
    const { ada } = replicas;
    const { worker, path } = await ran();
    // At once: the transcript may not have it yet.
    const answer = await ada.raw(path('t1'));
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': 'attachment; filename="mcp__oven__read_log_-t1.txt"',
      'content-length': String(Buffer.byteLength(WHOLE)),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(await answer.text()).toBe(WHOLE);
    expect(worker.outputRequests).toEqual(PIECES.map((_, from) => ({ entryId: 't1', from })));

    const page = await ada.get<TranscriptPage>(`/api/sessions/${worker.sessionId}/transcript`);
    expect(page.body.entries.map(({ outputBytes }) => outputBytes)).toEqual([undefined, 5_000_000]);
    worker.stop();
  });

  it('may be asked about without it', async () => {
    const { ada } = replicas;
    const { worker, path } = await ran();
    const answer = await ada.raw(path('t1'), {}, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(Buffer.byteLength(WHOLE))]);
    // Enough requests for the worker to be asked for all of it.
    for (let n = 0; n < 20; n++) await ada.get(`/api/sessions/${worker.sessionId}/files`);
    expect(worker.outputRequests).toEqual([{ entryId: 't1', from: 0 }]);
    worker.stop();
  });

  it('is asked for no faster than it is read, and no more once the reader has gone', async () => {
    const { one, ada, runner } = replicas;
    const { worker, path } = await ran(runner, one.url);
    const held = gate();
    const pieces = Array.from({ length: 100 }, () => 'x'.repeat(MIB));
    const answers = inPieces(pieces);
    worker.outputOf = async (request) => {
      if (request.from === 60) await held.opened;
      return answers(request);
    };
    const server: Server = one.app.getHttpServer();
    const connection = once(server, 'connection');
    const answer = await opened(path('t1'));
    const [socket]: Socket[] = await connection;
    expect(answer.headers['content-length']).toBe(String(100 * MIB));
    // As many questions as it could have asked meanwhile.
    const ask = async (): Promise<void> => {
      for (let n = 0; n < 50; n++) await ada.get(`/api/sessions/${worker.sessionId}/files`);
    };
    await ask();
    expect(worker.outputRequests.length).toBeLessThan(30);

    // Read on to the piece that does not come, and gone.
    answer.resume();
    await expect.poll(() => worker.outputRequests.at(-1)?.from, { timeout: 60_000 }).toBe(60);
    answer.destroy();
    await expect.poll(() => socket?.closed).toBe(true);
    held.open();
    await ask();
    expect(worker.outputRequests.at(-1)?.from).toBe(60);
    worker.stop();
  });

  it('that breaks off does not pass for a whole one', async () => {
    const { ada } = replicas;
    const { worker, path } = await ran();
    const answers = inPieces(PIECES);
    worker.outputOf = (request) =>
      request.from < 2
        ? answers(request)
        : Promise.resolve({ ok: false, problem: { code: 'session_ended', detail: 'This session is closing.' } });
    const answer = await ada.raw(path('t1'));
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    worker.stop();
  });

  it.each([
    ['longer', -1],
    ['shorter', 1],
  ])(
    'that is %s than its worker has said ends the connection, so that nothing passes for another answer',
    async (_, difference) => {
      const { worker, path } = await ran();
      const answers = inPieces(PIECES);
      worker.outputOf = async (request) => {
        const piece = await answers(request);
        return piece.ok ? { ...piece, bytes: piece.bytes + difference } : piece;
      };
      const received = await rawAnswer(path('t1'));
      const body = received.slice(received.indexOf('\r\n\r\n') + 4);
      expect(WHOLE.startsWith(body)).toBe(true);
      expect(body.length).toBeLessThan(WHOLE.length);
      worker.stop();
    },
  );

  it('is refused by name, and not even known to others', async () => {
    const { one, ada } = replicas;
    const { worker, path } = await ran();
    expect(await ada.get(path('t2'))).toMatchObject({ status: 404, body: { code: 'entry_unknown' } });
    expect(await ada.get(path('%00'))).toMatchObject({ status: 404, body: { code: 'entry_unknown' } });
    expect(await ada.get(path('u1'))).toMatchObject({ status: 409, body: { code: 'no_tool_output' } });
    const elsewhere = `/api/sessions/${crypto.randomUUID()}/transcript/t1/output`;
    expect(await ada.get(elsewhere)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    const bob = await one.account('bob');
    expect(await bob.get(path('t1'))).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await new RelayApi(one.url).get(path('t1'))).toMatchObject({ status: 401 });
    expect(worker.outputRequests).toEqual([]);

    const refused = (code: 'entry_unknown' | 'no_tool_output') => (): Promise<SocketAnswer<OutputPiece>> =>
      Promise.resolve({ ok: false, problem: { code, detail: 'Not there.' } });
    worker.outputOf = refused('entry_unknown');
    expect(await ada.get(path('t1'))).toMatchObject({ status: 404, body: { code: 'entry_unknown' } });
    worker.outputOf = refused('no_tool_output');
    expect(await ada.get(path('t1'))).toMatchObject({ status: 409, body: { code: 'no_tool_output' } });
    worker.outputOf = () => Promise.resolve({ ok: true, text: 'The oven', next: 0, bytes: 100 } as const);
    expect(await ada.get(path('t1'))).toMatchObject({ status: 409, body: { code: 'session_disconnected' } });
    worker.stop();
  });

  it('is not to be had of a session that is away or over, nor of a runner that is too old, which says so', async () => {
    const { ada } = replicas;
    const { worker, path } = await ran();
    worker.stop();
    await expect.poll(() => ada.get(path('t1'))).toMatchObject({ status: 409, body: { code: 'session_disconnected' } });
    await ada.post(`/api/sessions/${worker.sessionId}/stop`);
    await expect.poll(() => ada.get(path('t1'))).toMatchObject({ status: 409, body: { code: 'session_ended' } });

    const old = await ScriptedRunner.connect(ada, 'old', { abilities: ['fork'] });
    const ofOld = await ran(old);
    expect(await ada.get(ofOld.path('t1'))).toMatchObject({ status: 409, body: { code: 'runner_too_old' } });
    expect(ofOld.worker.outputRequests).toEqual([]);
    ofOld.worker.stop();
    old.stop();
  });

  it('of a paused session comes from its worker, which is brought back', async () => {
    const { two, ada, runner } = replicas;
    const epoch = Date.now() + 1;
    const { body } = await ada.post<SessionView>('/api/sessions', { runnerId: runner.runnerId });
    const { sessionId } = body;
    const before = await runner.startWorker(sessionId, two.url, epoch);
    tell(before);
    await before.flushed();
    await runner.report({ sessionId, state: 'started', cwd: '/srv/code', epoch });
    before.stop();
    await expect.poll(() => ada.get(`/api/sessions/${sessionId}`)).toMatchObject({ body: { isConnected: false } });
    expect(await runner.report({ sessionId, state: 'paused', epoch })).toEqual({ ok: true });

    const orders = (): number => runner.orders.filter((order) => order.sessionId === sessionId).length;
    const known = orders();
    const answer = ada.raw(`/api/sessions/${sessionId}/transcript/t1/output`);
    await expect.poll(orders).toBe(known + 1);
    const worker = await runner.startWorker(sessionId, two.url, epoch + 1);
    worker.outputOf = inPieces(PIECES);
    expect(await (await answer).text()).toBe(WHOLE);
    worker.stop();
  });
});
