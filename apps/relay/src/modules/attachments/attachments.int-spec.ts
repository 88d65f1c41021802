import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScriptedRunner } from '@pizzapi/testing';
import type { Attachment } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from '../../../testing/relay-fixture.js';
import { Database } from '../../platform/database/database.js';
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
  /** Where there can be one, another replica. */
  let two: TestRelay;
  let ada: TestAccount;
  let elsewhere: TestAccount;
  let bob: TestAccount;
  let runner: ScriptedRunner;

  beforeAll(async () => {
    cluster = await startCluster(kind);
    one = await cluster.start({ ...LIMITS, PIZZAPI_MAX_SESSION_ATTACHMENT_BYTES: String(6 * 1024 * 1024) });
    two = kind === 'postgres' ? await cluster.start(LIMITS) : one;
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
    const answer = await ada.upload<Attachment>(`/api/sessions/${sessionId}/attachments`, new Uint8Array(bytes), {
      name,
      type,
    });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };

  it('are kept, read on every replica, and given to the worker of their session alone', async () => {
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
    const beyond = { attachmentId: attachment.attachmentId, chunk: 3 };
    expect(await worker.requestAttachment(beyond)).toMatchObject({ ok: false, problem: { code: 'not_found' } });

    const otherWorker = await runner.startWorker(await session(), one.url);
    const foreign = { attachmentId: attachment.attachmentId, chunk: 0 };
    expect(await otherWorker.requestAttachment(foreign)).toMatchObject({ ok: false, problem: { code: 'not_found' } });
    otherWorker.stop();
    worker.stop();
  });

  it('are served so that they can do nothing', async () => {
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
      // Node's own fetch asks for the whole answer otherwise.
      'cache-control': 'max-age=0',
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('are nobody else’s', async () => {
    const sessionId = await session();
    const { attachmentId } = await upload(sessionId, PNG);
    const theirs = `/api/sessions/${sessionId}/attachments`;
    expect(await bob.upload(theirs, new Uint8Array(PNG), { name: 'a.png' })).toMatchObject({ status: 404 });
    expect((await bob.raw(`/api/attachments/${attachmentId}`)).status).toBe(404);
    expect(await bob.delete(`/api/attachments/${attachmentId}`)).toMatchObject({ status: 404 });
    const other = await session();
    expect(await ada.post(`/api/sessions/${other}/input`, { text: 'x', attachments: [attachmentId] })).toMatchObject({
      status: 422,
      body: { code: 'attachment_unknown' },
    });
  });

  it('are one for an upload that is repeated, and another key for another file', async () => {
    const sessionId = await session();
    const path = `/api/sessions/${sessionId}/attachments`;
    const headers = { 'idempotency-key': `upload-${sessionId}` };
    const send = (bytes: Buffer) => ada.upload<Attachment>(path, new Uint8Array(bytes), { name: 'a.bin', headers });
    const first = await send(PNG);
    expect(await send(PNG)).toMatchObject({ status: 201, body: { attachmentId: first.body.attachmentId } });
    expect(await send(Buffer.from('another file'))).toMatchObject({
      status: 409,
      body: { code: 'idempotency_mismatch' },
    });

    // The answer was lost before it was noted, as by a crash: the same key then leads to the handler again.
    const operationId = v7();
    const keep = one.app.get(KeepUpload, { strict: false });
    const file = join(one.app.get(UploadFolder, { strict: false }).path, 'again');
    await writeFile(file, PNG);
    const upload = { path: file, name: 'a.png', declaredType: '', size: PNG.length };
    const kept = await keep.run(sessionId, operationId, upload);
    expect(await keep.run(sessionId, operationId, upload)).toEqual(kept);
    await writeFile(file, 'something else');
    await expect(keep.run(sessionId, operationId, { ...upload, size: 14 })).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
  });

  it('have limits, which are named', async () => {
    const sessionId = await session();
    const path = `/api/sessions/${sessionId}/attachments`;
    const send = (size: number) => ada.upload(path, new Uint8Array(random(size)), { name: 'large.bin' });
    for (const size of [3 * 1024 * 1024 + 1, 4 * 1024 * 1024])
      expect(await send(size)).toMatchObject({
        status: 413,
        body: { code: 'attachment_too_large', detail: expect.stringContaining('3 MiB') },
      });
    expect(await send(3 * 1024 * 1024)).toMatchObject({ status: 201 });
    expect(await send(3 * 1024 * 1024)).toMatchObject({ status: 201 });
    expect(await send(1)).toMatchObject({
      status: 413,
      body: { code: 'too_many_attachments', detail: expect.stringContaining('6 MiB') },
    });
    const said = { text: 'x', attachments: ['att_a', 'att_b', 'att_c'] };
    expect(await ada.post(`/api/sessions/${sessionId}/input`, said)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'attachments', message: expect.stringContaining('2') }] },
    });
    expect(await ada.post(path, { file: 'x' })).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(await ada.post(`/api/sessions/${sessionId}/input`, { text: '' })).toMatchObject({ status: 400 });
  });

  it('may be all there is to a message, and wait with it where people see them', async () => {
    const sessionId = await session();
    const attachment = await upload(sessionId, Buffer.alloc(0), 'empty.txt');
    expect((await ada.raw(`/api/attachments/${attachment.attachmentId}`)).headers.get('content-length')).toBe('0');
    const said = { text: '', attachments: [attachment.attachmentId] };
    expect(await ada.post(`/api/sessions/${sessionId}/input`, said)).toMatchObject({ status: 202 });
    expect(await ada.get(`/api/sessions/${sessionId}/inputs`)).toMatchObject({
      body: { inputs: [{ text: '', attachments: [attachment] }] },
    });
  });

  it('go with their session; before they are sent, also by themselves', async () => {
    const sessionId = await session();
    const [unsent, sent] = [await upload(sessionId, PNG), await upload(sessionId, PNG)];
    await ada.post(`/api/sessions/${sessionId}/input`, { text: 'x', attachments: [sent.attachmentId] });
    expect(await ada.delete(`/api/attachments/${unsent.attachmentId}`)).toMatchObject({ status: 204 });
    expect(await ada.delete(`/api/attachments/${sent.attachmentId}`)).toMatchObject({
      status: 409,
      body: { code: 'attachment_sent' },
    });
    expect(await chunksOf(unsent)).toBe(0);
    expect(await chunksOf(sent)).toBe(1);
    await ada.delete(`/api/sessions/${sessionId}`);
    await expect.poll(() => chunksOf(sent)).toBe(0);
  });

  const chunksOf = async ({ attachmentId }: Attachment): Promise<number> => {
    const rows: unknown = await one.app
      .get(Database)
      .read.query('SELECT ordinal FROM attachment_chunks WHERE attachment_id = $1', [attachmentId]);
    return Array.isArray(rows) ? rows.length : NaN;
  };

  it('are refused for a session that is over', async () => {
    const sessionId = await session();
    await ada.post(`/api/sessions/${sessionId}/stop`);
    const path = `/api/sessions/${sessionId}/attachments`;
    await expect
      .poll(() => ada.upload(path, new Uint8Array(PNG), { name: 'a.png' }))
      .toMatchObject({ status: 409, body: { code: 'session_ended' } });
  });
});
