import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';

let model: ScriptedModel;
let fixture: SessionFixture;

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

it('a turn stops at an abort while it is being prepared, which its file says, and keeps what was said', async () => {
  await mkdir(join(fixture.agentDir, 'extensions'), { recursive: true });
  const source = `let isFirst = true;
    export default (pi) => pi.on('before_agent_start', async () => {
      if (!isFirst) return;
      isFirst = false;
      pi.setSessionName('Preparing');
      while (pi.getSessionName() !== 'Go on') await new Promise(setImmediate);
    });`;
  await writeFile(join(fixture.agentDir, 'extensions', 'slow.js'), source);
  const { host, log } = await fixture.started();
  await host.receive([anInput('go')]);
  await log.until(() => log.of('name.changed').some(({ name }) => name === 'Preparing'));
  const aborted = host.abort();
  host.setName('Go on');
  await aborted;
  // By which a parent session hears of it.
  expect(log.of('entry.appended')).toMatchObject([{ kind: 'assistant', content: { stopReason: 'aborted' } }]);
  expect(log.of('activity.changed').at(-1)?.activity).toBe('idle');
  expect([host.queue.map(({ text }) => text), model.requests]).toEqual([['go'], []]);
  model.next(
    (answer) => answer.text('A'),
    (answer) => answer.text('B'),
  );
  await host.receive([anInput('next')]);
  await log.until(({ text }) => text === 'AB');
  await log.untilIdle();
  const said = model.requests.map(({ messages }) => messages.filter(({ role }) => role === 'user').length);
  expect(said).toEqual([1, 2]);
  expect(log.of('error.raised')).toEqual([]);
});
