import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Attachment, ProblemCode } from '@pizzapi/protocol';
import { type ChatRequest, gate, type ScriptedModel, startScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';
import type { AttachmentFiles } from './attachment-files.js';
import { AttachmentsAwayError } from './attachments-away-error.js';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const EYES = { provider: 'scripted', id: 'eyes' };

let model: ScriptedModel;
let fixture: SessionFixture;
let folder: string;
let fetched: string[];
let away: boolean;
let arriving: Promise<void> | null;

const files: AttachmentFiles = {
  fetch: async ({ attachmentId, name }) => {
    await arriving;
    if (away) throw new AttachmentsAwayError(name, null);
    if (name === 'lost.txt') throw new Error('the relay has it no more');
    fetched.push(attachmentId);
    const bytes = Buffer.from(PNG, 'base64');
    const image = name === 'torn.png' ? bytes.subarray(0, 40) : bytes;
    await writeFile(join(folder, name), name.endsWith('.png') ? image : 'hello');
  },
  pathOf: ({ attachmentId, name }) => (fetched.includes(attachmentId) ? join(folder, name) : null),
};
const attachment = (name: string, isImage = false): Attachment => ({
  attachmentId: `att_00000000-0000-7000-8000-${String(name.length).padStart(12, '0')}`,
  name,
  mediaType: isImage ? 'image/png' : 'text/plain',
  size: 5,
  isImage,
});
const picture = attachment('red.png', true);
const notes = attachment('notes.txt');

beforeEach(async () => {
  model = await startScriptedModel();
  const models = [{ id: 'm1' }, { id: 'eyes', input: ['text', 'image'] }];
  const provider = { baseUrl: model.url, api: 'openai-completions', apiKey: 'k', models };
  fixture = await SessionFixture.create({ providers: { scripted: provider } });
  folder = join(fixture.home, 'attachments');
  await mkdir(folder);
  fetched = [];
  away = false;
  arriving = null;
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

function lastOf(request: ChatRequest | undefined): unknown {
  return request?.messages.findLast(({ role }) => role === 'user')?.content;
}

describe('files of a message', () => {
  it('reach the model: an image to be seen, and the path of each', async () => {
    const { host, log } = await fixture.started({ attachments: files, model: EYES });
    model.next((answer) => answer.text('Red.'));
    await host.receive([anInput('What is it?', { deliveryId: 'inp_1', attachments: [picture, notes] })]);
    await log.untilIdle();
    expect(lastOf(model.requests[0])).toMatchObject([
      { type: 'text', text: 'What is it?' },
      { type: 'text', text: expect.stringMatching(/red\.png \(image\/png, 5 bytes; shown below\)\n- .*notes\.txt/) },
      { type: 'image_url', image_url: { url: expect.stringMatching(/^data:image\/png;base64,/) } },
    ]);
    expect(JSON.stringify(lastOf(model.requests[0]))).toContain(join(folder, 'notes.txt'));
    // The transcript has the words and the list; the bytes are the relay's.
    expect(log.of('entry.appended')[0]).toMatchObject({
      kind: 'user',
      content: { content: 'What is it?', details: { id: 'inp_1', attachments: [picture, notes] } },
    });
    expect(JSON.stringify(log.all)).not.toContain('base64');
  });

  it('are named to a model that sees no images', async () => {
    const { host, log } = await fixture.started({ attachments: files, model: { provider: 'scripted', id: 'm1' } });
    model.next((answer) => answer.text('I cannot see it.'));
    await host.receive([anInput('', { attachments: [picture] })]);
    await log.untilIdle();
    expect(JSON.stringify(lastOf(model.requests[0]))).toContain('an image, which this model cannot see');
    expect(JSON.stringify(model.requests[0])).not.toContain('image_url');
    expect(log.of('entry.appended')[0]?.content).toMatchObject({ content: '' });
  });

  it('that are broken images do not reach the model, which would refuse the conversation from then on', async () => {
    const { host, log } = await fixture.started({ attachments: files, model: EYES });
    model.next((answer) => answer.text('I cannot see it.'));
    await host.receive([anInput('What is it?', { attachments: [attachment('torn.png', true)] })]);
    await log.untilIdle();
    expect(JSON.stringify(lastOf(model.requests[0]))).toContain('an image that cannot be shown');
    expect(JSON.stringify(model.requests[0])).not.toContain('image_url');
  });

  it('enter a running turn with a steer', async () => {
    const { host, log } = await fixture.started({ attachments: files, model: EYES });
    const steered = gate();
    model.next(
      async (answer) => {
        await steered.opened;
        await answer.toolCall('bash', { command: 'true' });
      },
      (answer) => answer.text('Seen.'),
    );
    await host.receive([anInput('Begin')]);
    await model.request(1);
    await host.receive([anInput('Look here', { deliverAs: 'steer', attachments: [picture] })]);
    expect(log.of('queue.changed').at(-1)?.inputs).toMatchObject([{ text: 'Look here', attachments: [picture] }]);
    steered.open();
    await log.untilIdle();
    expect(lastOf(model.requests[1])).toMatchObject([
      { text: 'Look here' },
      { text: expect.stringContaining('shown below') },
      { type: 'image_url' },
    ]);
  });

  it('are seen also when the worker died while the message waited', async () => {
    const { host } = await fixture.open({ attachments: files, model: EYES });
    await host.receive([anInput('After all', { attachments: [picture] })]);
    await host.close('shutdown');
    const { log } = await fixture.started({ attachments: files, model: EYES, isResume: true });
    model.next((answer) => answer.text('Seen.'));
    await log.untilIdle();
    expect(fetched).toHaveLength(1);
    expect(lastOf(model.requests[0])).toMatchObject([{}, {}, { type: 'image_url' }]);
  });

  it('that cannot be had are said to be missing; that may come later keep their message with the relay', async () => {
    const { host, log } = await fixture.started({ attachments: files, model: EYES });
    away = true;
    const message = anInput('Read it', { attachments: [attachment('lost.txt')] });
    await expect(host.receive([message])).rejects.toMatchObject({ code: ProblemCode.unavailable });
    expect(log.of('entry.appended')).toEqual([]);
    away = false;
    model.next((answer) => answer.text('It is not here.'));
    await host.receive([message]);
    await log.untilIdle();
    expect(JSON.stringify(lastOf(model.requests[0]))).toContain(
      'lost.txt: not available here (the relay has it no more)',
    );
  });

  it('do not keep their message from being taken back while they are on their way', async () => {
    const { host, log } = await fixture.started({ attachments: files, model: EYES });
    const here = gate();
    arriving = here.opened;
    const message = anInput('Look', { deliveryId: 'inp_back', attachments: [picture] });
    const received = host.receive([message]);
    host.removeInput('inp_back');
    here.open();
    await received;
    model.next((answer) => answer.text('Yes?'));
    // The relay brings it again, as it was not told in time.
    await host.receive([message, anInput('Never mind')]);
    await log.untilIdle();
    expect(model.requests).toHaveLength(1);
    expect(JSON.stringify(lastOf(model.requests[0]))).toContain('Never mind');
  });

  it('are said to be unseen by a command that leaves no message', async () => {
    const { host, log } = await fixture.started({ attachments: files, model: EYES });
    await host.receive([anInput('/name Colours', { attachments: [picture, notes] })]);
    await log.until(() => log.of('error.raised').length === 1);
    expect(log.of('error.raised')[0]).toMatchObject({
      code: ProblemCode.commandTakesNoFiles,
      detail: expect.stringContaining('so red.png, notes.txt went unseen'),
    });
  });
});
