import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttachmentsAwayError } from '@pizzapi/agent';
import type { Attachment } from '@pizzapi/protocol';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { RelayRefusedError } from '../../relay-link/refusal.js';
import { RelayNotReachedError } from '../relay-requests/relay-requests.js';
import { AttachmentFolder } from './attachment-folder.js';
import { fileNameOf } from './file-name.js';

const root = mkdtempSync(join(tmpdir(), 'attachments-'));
afterAll(() => rmSync(root, { recursive: true }));

const notes: Attachment = {
  attachmentId: 'att_1',
  name: 'notes.txt',
  mediaType: 'text/plain',
  size: 5,
  isImage: false,
};

describe('the files of a session', () => {
  let chunks: (Buffer | Error)[];
  let asked: number[];
  let folder: AttachmentFolder;
  let count = 0;

  beforeEach(() => {
    asked = [];
    folder = new AttachmentFolder(root, `session-${(count += 1)}`, {
      request: ({ chunk }) => {
        asked.push(chunk);
        const answer = chunks[chunk] ?? Buffer.alloc(0);
        return answer instanceof Error
          ? Promise.reject(answer)
          : Promise.resolve({ base64: answer.toString('base64') });
      },
    });
  });

  it('are fetched piece by piece, once, for their owner alone', async () => {
    chunks = [Buffer.from('hel'), Buffer.from('lo')];
    expect(folder.pathOf(notes)).toBeNull();
    await folder.fetch(notes);
    await folder.fetch(notes);
    const path = folder.pathOf(notes) ?? '';
    expect(path).toBe(join(folder.path, 'att_1', 'notes.txt'));
    expect(readFileSync(path, 'utf8')).toBe('hello');
    expect(asked).toEqual([0, 1]);
    expect([statSync(folder.path).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('are not there by halves: what the connection broke off comes again', async () => {
    chunks = [Buffer.from('hel'), new RelayNotReachedError(true, undefined, null)];
    await expect(folder.fetch(notes)).rejects.toBeInstanceOf(AttachmentsAwayError);
    expect(folder.pathOf(notes)).toBeNull();
    expect(readdirSync(join(folder.path, 'att_1'))).toEqual([]);
    chunks = [Buffer.from('hello')];
    await folder.fetch(notes);
    expect(folder.pathOf(notes)).not.toBeNull();
  });

  it.each<[string, boolean]>([
    ['internal_error', true],
    ['unavailable', true],
    ['not_found', false],
  ])('that the relay refuses with %s may come later: %s', async (code, isLater) => {
    chunks = [new RelayRefusedError({ code, detail: 'No.' })];
    const refused = await folder.fetch(notes).catch((error: unknown) => error);
    expect(refused instanceof AttachmentsAwayError).toBe(isLater);
  });

  it.each([[[Buffer.from('hello!')]], [[Buffer.from('he')]]])(
    'are as large as they were announced: %j',
    async (given) => {
      chunks = given;
      await expect(folder.fetch(notes)).rejects.toThrow('The file notes.txt has 5 bytes');
      expect(folder.pathOf(notes)).toBeNull();
    },
  );

  it('may be empty', async () => {
    await folder.fetch({ ...notes, size: 0 });
    expect(folder.pathOf({ ...notes, size: 0 })).not.toBeNull();
    expect(asked).toEqual([]);
  });
});

describe('the name of a file', () => {
  it.each([
    ['../../.ssh/id', '.._.._.ssh_id'],
    ['a\nb\\c', 'a_b_c'],
    ['..', 'file'],
    ['', 'file'],
    ['-rf.txt', '-rf.txt'],
  ])('%j is %j', (given, name) => expect(fileNameOf(given)).toBe(name));

  it('fits what file systems take', () => {
    const name = fileNameOf(`${'📎'.repeat(100)}.txt`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^📎+\.txt$/u);
  });
});
