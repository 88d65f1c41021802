import { randomUUID } from 'node:crypto';
import type { Attachment } from '@pizzapi/protocol';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { API_KEY, FakeRelay } from '../testing/fake-relay.js';
import { messageIdsInFile } from '../testing/session-traces.js';
import { buildRunner, TestRunner } from '../testing/test-runner.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const NOTES: Attachment = {
  attachmentId: `att_${randomUUID()}`,
  name: 'notes.txt',
  mediaType: 'text/plain',
  size: 5,
  isImage: false,
};

let relay: FakeRelay;
let runner: TestRunner;

beforeAll(() => buildRunner());
beforeEach(async () => {
  relay = new FakeRelay();
  await relay.start();
  runner = new TestRunner({ PIZZAPI_RELAY_URL: relay.url, PIZZAPI_API_KEY: API_KEY });
  runner.start();
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') console.error(runner.output);
  await runner.dispose();
  await relay.stop();
});

it('a worker waits for the files of a message, and takes what came after it in its order', async () => {
  const sessionId = randomUUID();
  const session = relay.session(sessionId);
  const { agents } = relay;
  agents.attachmentAnswer = { ok: false, problem: { code: 'internal_error', detail: 'The database is away.' } };
  relay.order({ order: 'spawn', sessionId, isResume: false });
  relay.deliver(sessionId, 'Read this', [NOTES]);
  relay.deliver(sessionId, 'And then this');
  await expect.poll(() => agents.attachmentRequests.length, { timeout: 60_000 }).toBeGreaterThan(1);
  expect(session.acknowledged).toEqual([]);

  agents.attachmentAnswer = { ok: true, base64: Buffer.from('hello').toString('base64') };
  await relay.until('it has both', () => session.inbox.length === 0);
  await relay.until('both are answered', () => session.activity === 'idle');
  const said = session.entries().filter(({ kind }) => kind === 'user');
  expect(said.map(({ content }) => content)).toMatchObject([
    { content: 'Read this', details: { attachments: [NOTES] } },
    { content: 'And then this' },
  ]);
  const inFile = messageIdsInFile(runner, sessionId);
  expect(session.entries().flatMap(({ entryId }) => (inFile.includes(entryId) ? entryId : []))).toEqual(inFile);
});
