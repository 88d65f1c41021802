import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RelayApi, ScriptedRunner } from '@pizzapi/testing';
import { type Attachment, ProblemCode } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';
import { RelayConfig } from '../../config/config.js';
import { Database } from '../../platform/database/database.js';
import { unavailable } from '../../platform/http/problem.error.js';
import { RunnerBus } from '../deliveries/index.js';
import { AttachmentRepository } from './attachment.repository.js';
import { KeepUpload } from './keep-upload.js';
import { UploadFolder } from './upload-folder.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const LIMITS = { PIZZAPI_MAX_ATTACHMENT_BYTES: String(3 * 1024 * 1024), PIZZAPI_MAX_ATTACHMENTS_PER_MESSAGE: '2' };

const random = (bytes: number): Buffer => Buffer.alloc(bytes, Buffer.from(Array.from({ length: 251 }, (_, at) => at)));

describe.each(['sqlite', 'postgres'] as const)('files of messages, with %s', (kind) => {
  let cluster: TestCluster;
  let one: TestRelay;
  /** Another replica, if the database allows one. */
  let two: TestRelay;
  let ada: TestAccount;
  let elsewhere: TestAccount;
  let bob: TestAccount;
  let runner: ScriptedRunner;

  beforeAll(async () => {
    cluster = await startCluster(kind);
    const limits = { ...LIMITS, PIZZAPI_MAX_SESSION_ATTACHMENT_BYTES: String(6 * 1024 * 1024) };
    one = await cluster.start(limits);
    two = kind === 'postgres' ? await cluster.start(limits) : one;
    ada = await one.account('ada');
    bob = await one.account('bob');
    elsewhere = Object.assign(Object.create(ada), { baseUrl: two.url });
    runner = await ScriptedRunner.connect(ada);
  });
  afterAll(async () => {
    runner.stop();
    await cluster[Symbol.asyncDispose]();
  });

  const session = async (): Promise<string> =>
    (await ada.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId })).body.sessionId;
  const upload = async (
    sessionId: string,
    bytes: Buffer,
    name = 'notes.txt',
    type = 'text/plain',
  ): Promise<Attachment> => {
    const path = `/api/sessions/${sessionId}/attachments`;
    const answer = await ada.upload<Attachment>(path, new Uint8Array(bytes), { name, type });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };

  const say = (sessionId: string, ...attachments: Attachment[]) => {
    const ids = attachments.map(({ attachmentId }) => attachmentId);
    return ada.post<{ inputId: string }>(`/api/sessions/${sessionId}/input`, { text: 'x', attachments: ids });
  };

  it('are readable on every replica, and by the worker of their own session only', async () => {
    const sessionId = await session();
    const bytes = random(2 * 1024 * 1024 + 17);
    const attachment = await upload(sessionId, bytes, 'Größe 📎.bin', 'application/x-thing');
    expect(attachment).toEqual({
      attachmentId: expect.stringMatching(/^att_/),
      name: 'Größe 📎.bin',
      mediaType: 'application/x-thing',
      size: bytes.length,
      isImage: false,
    });
    const read = await elsewhere.raw(`/api/attachments/${attachment.attachmentId}`);
    expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true);

    const picture = await upload(sessionId, PNG, 'a.png', 'text/html');
    const ids = [picture.attachmentId, attachment.attachmentId];
    const said = { text: 'Look', attachments: ids };
    expect(await elsewhere.post(`/api/sessions/${sessionId}/input`, said)).toMatchObject({ status: 202 });
    const worker = await runner.startWorker(sessionId, two.url);
    await expect.poll(() => worker.received).toMatchObject([{ text: 'Look', attachments: [picture, attachment] }]);

    const pieces: Buffer[] = [];
    for (const chunk of [0, 1, 2]) {
      const answer = await worker.requestAttachment({ attachmentId: attachment.attachmentId, chunk });
      pieces.push(Buffer.from(answer.ok ? answer.base64 : '', 'base64'));
    }
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    const notFound = { ok: false, problem: { code: 'not_found' } };
    expect(await worker.requestAttachment({ ...attachment, chunk: 3 })).toMatchObject(notFound);

    const otherWorker = await runner.startWorker(await session(), one.url);
    expect(await otherWorker.requestAttachment({ ...attachment, chunk: 0 })).toMatchObject(notFound);
    otherWorker.stop();
    worker.stop();
  });

  it('are served with headers that keep a browser from executing them', async () => {
    const sessionId = await session();
    const svg = await upload(sessionId, Buffer.from('<svg onload="alert(1)"/>'), 'a"b\\c%.svg', 'image/svg+xml');
    const served = await ada.raw(`/api/attachments/${svg.attachmentId}`);
    expect(Object.fromEntries(served.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="c_.svg"; filename*=UTF-8''c%25.svg`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-cache',
    });
    const png = await upload(sessionId, PNG, 'photo.html', 'text/html');
    const shown = await ada.raw(`/api/attachments/${png.attachmentId}`);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': expect.stringMatching(/^inline; /),
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const again = await ada.raw(`/api/attachments/${png.attachmentId}`, {
      'if-none-match': shown.headers.get('etag') ?? '',
      // Without it, Node's fetch sends `no-cache`.
      'cache-control': 'max-age=0',
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('may have a thumbnail if they are images, which has to be an image too', async () => {
    const sessionId = await session();
    const { attachmentId } = await upload(sessionId, random(20_000).fill(PNG, 0, PNG.length), 'photo.png');
    const path = `/api/attachments/${attachmentId}`;
    const small = async () => Buffer.from(await (await ada.raw(`${path}?size=small`)).arrayBuffer());
    expect(await small()).toHaveLength(20_000);
    const give = (bytes: Buffer, id = attachmentId, type = 'image/png') =>
      ada.raw(
        `/api/attachments/${id}/thumbnail`,
        { 'content-type': type },
        { method: 'PUT', body: new Uint8Array(bytes) },
      );
    expect((await give(Buffer.from('<svg/>'), attachmentId, 'image/svg+xml')).status).toBe(400);
    expect((await give(Buffer.concat([PNG, Buffer.alloc(200_000)]))).status).toBe(413);
    expect((await give(PNG)).status).toBe(204);
    expect((await give(Buffer.concat([PNG, Buffer.from('another')]))).status).toBe(204);
    expect((await small()).equals(PNG)).toBe(true);
    expect(Buffer.from(await (await ada.raw(path)).arrayBuffer())).toHaveLength(20_000);
    const notes = await upload(sessionId, Buffer.from('words'));
    expect((await give(PNG, notes.attachmentId)).status).toBe(409);
  });

  it('are inaccessible to other users', async () => {
    const sessionId = await session();
    const { attachmentId } = await upload(sessionId, PNG);
    const theirs = `/api/sessions/${sessionId}/attachments`;
    expect(await bob.upload(theirs, new Uint8Array(PNG), { name: 'a.png' })).toMatchObject({ status: 404 });
    expect((await bob.raw(`/api/attachments/${attachmentId}`)).status).toBe(404);
    expect(await bob.delete(`/api/attachments/${attachmentId}`)).toMatchObject({ status: 404 });
    const other = await session();
    expect(await ada.post(`/api/sessions/${other}/input`, { text: 'x', attachments: [attachmentId] })).toMatchObject({
      status: 422,
      body: { code: 'attachment_unknown', errors: [{ path: 'attachments.0' }] },
    });
  });

  it('may be attached to the prompt of a new session, and are visible to their uploader only until then', async () => {
    const send = (account: TestAccount) =>
      account.upload<Attachment>('/api/attachments', new Uint8Array(PNG), { name: 'a.png' });
    const [{ body: mine }, { body: theirs }] = await Promise.all([send(ada), send(bob)]);
    expect((await bob.raw(`/api/attachments/${mine.attachmentId}`)).status).toBe(404);
    const start = (...attachments: string[]) =>
      ada.post<{ sessionId: string; code: string }>('/api/sessions', { runnerId: runner.runnerId, attachments });
    expect(await start(mine.attachmentId, theirs.attachmentId)).toMatchObject({
      status: 422,
      body: { code: 'attachment_unknown', errors: [{ path: 'attachments.1' }] },
    });
    const { sessionId } = (await start(mine.attachmentId)).body;
    expect(await ada.get(`/api/sessions/${sessionId}/inputs`)).toMatchObject({
      body: { inputs: [{ text: '', attachments: [mine] }] },
    });
    expect(await ada.get(`/api/sessions/${sessionId}`)).toMatchObject({ body: { name: 'a.png' } });
    // They belong to that session now.
    expect(await start(mine.attachmentId)).toMatchObject({ status: 422 });
    expect(await ada.delete(`/api/attachments/${mine.attachmentId}`)).toMatchObject({ status: 409 });
  });

  it('may be sent again or removed after their message was withdrawn', async () => {
    const sessionId = await session();
    const [kept, removed] = [await upload(sessionId, PNG), await upload(sessionId, PNG)];
    await say(sessionId, kept);
    const { status, body } = await say(sessionId, kept, removed);
    expect(status).toBe(202);
    expect(await ada.delete(`/api/sessions/${sessionId}/inputs/${body.inputId}`)).toMatchObject({ status: 204 });
    expect(await ada.delete(`/api/attachments/${removed.attachmentId}`)).toMatchObject({ status: 204 });
    // Another message contains it.
    expect(await ada.delete(`/api/attachments/${kept.attachmentId}`)).toMatchObject({ status: 409 });
  });

  it('are stored once if an upload is repeated, and refused for another file with the same key', async () => {
    const sessionId = await session();
    const path = `/api/sessions/${sessionId}/attachments`;
    const headers = { 'idempotency-key': `upload-${sessionId}` };
    const send = (bytes: Buffer) => ada.upload<Attachment>(path, new Uint8Array(bytes), { name: 'a.bin', headers });
    const first = await send(PNG);
    expect(await send(PNG)).toMatchObject({ status: 201, body: { attachmentId: first.body.attachmentId } });
    const refused = { status: 409, body: { code: 'idempotency_mismatch' } };
    expect(await send(Buffer.from('another file'))).toMatchObject(refused);

    // As if a crash had lost the recorded response: the same key reaches the handler again.
    const operationId = v7();
    const keep = one.app.get(KeepUpload, { strict: false });
    const file = join(one.app.get(UploadFolder, { strict: false }).path, 'again');
    await writeFile(file, PNG);
    const upload = { path: file, name: 'a.png', declaredType: '', size: PNG.length };
    const place = { sessionId, ownerId: ada.userId };
    const kept = await keep.run(place, operationId, upload);
    expect(await keep.run(place, operationId, upload)).toEqual(kept);
    await writeFile(file, 'something else');
    await expect(keep.run(place, operationId, { ...upload, size: 14 })).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
  });

  it('have limits, which the problem names', async () => {
    const sessionId = await session();
    const path = `/api/sessions/${sessionId}/attachments`;
    const send = (size: number, by: RelayApi = ada) =>
      by.upload(path, new Uint8Array(random(size)), { name: 'large.bin' });
    for (const size of [3 * 1024 * 1024 + 1, 4 * 1024 * 1024])
      expect(await send(size)).toMatchObject({
        status: 413,
        body: { code: 'attachment_too_large', detail: expect.stringContaining('3 MiB') },
      });
    expect(await send(3 * 1024 * 1024)).toMatchObject({ status: 201 });
    // There is room for one of the two, and each is checked while the other is being stored.
    const both = await Promise.all([send(3 * 1024 * 1024), send(3 * 1024 * 1024, elsewhere)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 413]);
    expect(await send(1)).toMatchObject({
      status: 413,
      body: { code: 'too_many_attachments', detail: expect.stringContaining('6 MiB') },
    });
    const keepFor = async (limits: object) => {
      const file = join(one.app.get(UploadFolder, { strict: false }).path, 'one');
      await writeFile(file, 'x');
      const config = Object.assign(Object.create(one.app.get(RelayConfig)), limits);
      const keep = new KeepUpload(one.app.get(AttachmentRepository, { strict: false }), config);
      const place = { sessionId: null, ownerId: ada.userId };
      return keep.run(place, v7(), { path: file, name: 'x', declaredType: '', size: 1 });
    };
    await expect(keepFor({ userAttachmentBytes: 6 })).rejects.toMatchObject({ code: 'attachment_quota_reached' });
    await expect(keepFor({ sessionAttachmentBytes: 0 })).rejects.toMatchObject({ code: 'too_many_attachments' });
    await expect(keepFor({ attachmentStoreBytes: 6 })).rejects.toMatchObject({ code: 'attachment_store_full' });
    const said = { text: 'x', attachments: ['att_a', 'att_b', 'att_c'] };
    expect(await ada.post(`/api/sessions/${sessionId}/input`, said)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'attachments', message: expect.stringContaining('2') }] },
    });
    expect(await ada.post(path, { file: 'x' })).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(await ada.post(`/api/sessions/${sessionId}/input`, { text: '' })).toMatchObject({ status: 400 });
  });

  it('may be sent without text, and are listed with the waiting message', async () => {
    const sessionId = await session();
    const attachment = await upload(sessionId, Buffer.alloc(0), 'empty.txt');
    expect((await ada.raw(`/api/attachments/${attachment.attachmentId}`)).headers.get('content-length')).toBe('0');
    const said = { text: '', attachments: [attachment.attachmentId] };
    expect(await ada.post(`/api/sessions/${sessionId}/input`, said)).toMatchObject({ status: 202 });
    expect(await ada.get(`/api/sessions/${sessionId}/inputs`)).toMatchObject({
      body: { inputs: [{ text: '', attachments: [attachment] }] },
    });
  });

  it('are deleted with their session, and by themselves while unsent', async () => {
    const sessionId = await session();
    const [unsent, sent] = [await upload(sessionId, PNG), await upload(sessionId, PNG)];
    expect(await say(sessionId, sent)).toMatchObject({ status: 202 });
    expect(await ada.delete(`/api/attachments/${unsent.attachmentId}`)).toMatchObject({ status: 204 });
    const kept = { status: 409, body: { code: 'attachment_sent' } };
    expect(await ada.delete(`/api/attachments/${sent.attachmentId}`)).toMatchObject(kept);
    expect(await chunksOf(unsent)).toBe(0);
    expect(await chunksOf(sent)).toBe(1);
    await ada.delete(`/api/sessions/${sessionId}`);
    await expect.poll(() => chunksOf(sent)).toBe(0);
  });

  it('are kept once a message with them was accepted, but not for one that failed', async () => {
    const sessionId = await session();
    const [failed, fetched] = [await upload(sessionId, PNG), await upload(sessionId, PNG)];
    const bus = one.app.get(RunnerBus, { strict: false });
    vi.spyOn(bus, 'append').mockRejectedValueOnce(unavailable(ProblemCode.unavailable, 'Redis is away.'));
    expect(await say(sessionId, failed)).toMatchObject({ status: 503 });
    // Accepted by a relay that ended before it marked the file as sent.
    const attachments = one.app.get(AttachmentRepository, { strict: false });
    await attachments.hold(sessionId, [fetched.attachmentId], 'in_2');
    const worker = await runner.startWorker(sessionId, two.url);
    expect(await worker.requestAttachment({ attachmentId: fetched.attachmentId, chunk: 0 })).toMatchObject({
      ok: true,
    });
    await attachments.deleteUnsentBefore(new Date(Date.now() + 60_000));
    expect([await chunksOf(failed), await chunksOf(fetched)]).toEqual([0, 1]);
    worker.stop();
  });

  it('become unsent again when their undeliverable message is discarded', async () => {
    const sessionId = await session();
    const sent = await upload(sessionId, PNG);
    const { status, body } = await say(sessionId, sent);
    const failure = { code: 'worker_start_failed', detail: 'No room on the disk.' };
    const report = await runner.report({ sessionId, state: 'failed', failure });
    expect([status, report]).toEqual([202, { ok: true }]);
    // The dead letter exists once the message has been moved there.
    await expect.poll(() => ada.delete(`/api/dead-letters/${body.inputId}`)).toMatchObject({ status: 204 });
    expect(await ada.delete(`/api/attachments/${sent.attachmentId}`)).toMatchObject({ status: 204 });
  });

  const chunksOf = async ({ attachmentId }: Attachment): Promise<number> => {
    const rows: unknown = await one.app
      .get(Database)
      .read.query('SELECT ordinal FROM attachment_chunks WHERE attachment_id = $1', [attachmentId]);
    return Array.isArray(rows) ? rows.length : NaN;
  };

  it('are refused for a session that has ended', async () => {
    const sessionId = await session();
    await ada.post(`/api/sessions/${sessionId}/stop`);
    const path = `/api/sessions/${sessionId}/attachments`;
    await expect
      .poll(() => ada.upload(path, new Uint8Array(PNG), { name: 'a.png' }))
      .toMatchObject({ status: 409, body: { code: 'session_ended' } });
  });
});
