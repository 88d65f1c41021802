import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gate, startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentHost } from '../session/agent-host.js';
import { anInput, type EventLog, SessionFixture } from '../../testing/session-fixture.js';

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

const review =
  '---\ndescription: Review what changed\nargument-hint: "[focus]"\n---\nReview with an eye on ${1:-everything}.';
const skill = '---\nname: pdf-tools\ndescription: Reads PDF files\n---\nAsk pdftotext first.';

async function write(path: string, text: string): Promise<void> {
  const file = join(fixture.agentDir, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
}

const notices = (log: EventLog): unknown[] =>
  log
    .of('entry.appended')
    .filter(({ kind }) => kind === 'notice')
    .map(({ content }) => content);

/** What the model was asked last. */
const asked = (): string => JSON.stringify(model.requests.at(-1)?.messages.at(-1));

describe('what an input may begin with', () => {
  it('is told when the session is opened, by name', async () => {
    await write('prompts/review.md', review);
    await write('skills/pdf-tools/SKILL.md', skill);
    const { log } = await fixture.started();
    expect(log.of('commands.changed')).toEqual([
      {
        commands: [
          expect.objectContaining({ name: 'compact', argumentHint: '[what to keep]', kind: 'action' }),
          expect.objectContaining({ name: 'name', argumentHint: '<name>', kind: 'action' }),
          { name: 'review', description: 'Review what changed', argumentHint: '[focus]', kind: 'prompt' },
          { name: 'skill:pdf-tools', description: 'Reads PDF files', kind: 'skill' },
        ],
        plugins: [],
        mcpServers: [],
      },
    ]);
  });

  it('becomes what a template or a skill says', async () => {
    await write('prompts/review.md', review);
    await write('skills/pdf-tools/SKILL.md', skill);
    const { host, log } = await fixture.started();
    model.next((said) => said.text('Done.'));
    await host.receive([anInput('/review "the tests"')]);
    await log.untilIdle();
    expect(asked()).toContain('Review with an eye on the tests.');
    model.next((said) => said.text('Done.'));
    await host.receive([anInput('/skill:pdf-tools report.pdf')]);
    await model.request(2);
    expect(asked()).toContain('Ask pdftotext first.');
    expect(asked()).toContain('report.pdf');
  });

  it('waits for a turn of its own when it is said into a running one', async () => {
    await write('prompts/review.md', review);
    const { host, log } = await fixture.started();
    const first = gate();
    model.next(async (said) => {
      await first.opened;
      await said.text('First.');
    });
    await host.receive([anInput('go')]);
    await model.request(1);
    await host.receive([anInput('/review', { deliverAs: 'steer' }), anInput('/unknown', { deliverAs: 'steer' })]);
    expect(host.queue.map(({ text, deliverAs }) => [text, deliverAs])).toEqual([
      ['/review', 'followUp'],
      ['/unknown', 'steer'],
    ]);
    model.next(
      (said) => said.text('Second.'),
      (said) => said.text('Third.'),
    );
    first.open();
    await model.request(3);
    await log.untilIdle();
    expect(asked()).toContain('Review with an eye on everything.');
  });
});

describe('/name', () => {
  it('names the session, without the model, and leaves a line in the transcript', async () => {
    const { host, log } = await fixture.started();
    await host.receive([anInput('/name Release notes', { authorName: 'Ada' })]);
    await log.until(() => notices(log).length === 1);
    expect(log.of('name.changed')).toEqual([{ name: 'Release notes' }]);
    expect(notices(log)).toMatchObject([{ role: 'command', text: '/name Release notes', authorName: 'Ada' }]);
    expect(model.requests).toEqual([]);
    expect(host.queue).toEqual([]);
  });

  it('says what is missing', async () => {
    const { host, log } = await fixture.started();
    await host.receive([anInput('/name ')]);
    await log.until(() => log.of('error.raised').length === 1);
    expect(log.of('error.raised')[0]?.detail).toContain('Write the name behind it: /name Release notes.');
  });
});

describe('/compact', () => {
  beforeEach(() => write('settings.json', JSON.stringify({ compaction: { keepRecentTokens: 1 } })));

  async function talk(host: AgentHost, log: EventLog): Promise<void> {
    model.next(
      (said) => said.text('The answer is 42.'),
      (said) => said.text('Because it is.'),
    );
    await host.receive([anInput('What is it?'), anInput('Why?')]);
    await model.request(2);
    await log.untilIdle();
  }

  it('puts a summary in the place of what was said, and goes on from there', async () => {
    const { host, log } = await fixture.started();
    await talk(host, log);
    model.otherwise((said) => said.text('It was about 42.'));
    await host.receive([anInput('/compact keep the number'), anInput('And now?')]);
    await log.until(() => log.of('compaction.finished').length === 1);
    expect(log.of('compaction.started')).toEqual([{ reason: 'manual' }]);
    expect(log.of('compaction.finished')).toEqual([{ isSuccess: true }]);
    await log.untilIdle();
    expect(JSON.stringify(model.requests[2])).toContain('keep the number');
    expect(notices(log)).toMatchObject([
      { role: 'compactionSummary', summary: expect.stringContaining('It was about 42.') },
      { role: 'command', text: '/compact keep the number' },
    ]);
    expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain('It was about 42.');
  });

  it('says of what is short enough that there is nothing to do', async () => {
    const { host, log } = await fixture.started();
    await host.receive([anInput('/compact')]);
    await log.until(() => log.of('compaction.finished').length === 1);
    expect(log.of('compaction.finished')).toEqual([
      { isSuccess: false, isNeedless: true, error: expect.stringMatching(/^Nothing to compact: .* short enough/) },
    ]);
    await talk(host, log);
    model.otherwise((said) => said.text('It was about 42.'));
    await host.receive([anInput('/compact'), anInput('/compact')]);
    await log.until(() => log.of('compaction.finished').length === 3);
    expect(log.of('compaction.finished').slice(1)).toEqual([
      { isSuccess: true },
      { isSuccess: false, isNeedless: true, error: expect.stringMatching(/^Nothing to compact: /) },
    ]);
    expect(log.of('error.raised')).toEqual([]);
  });

  it('is broken off with the turn, and says so', async () => {
    const { host, log } = await fixture.started();
    await talk(host, log);
    model.next((said) => said.hang());
    await host.receive([anInput('/compact')]);
    await model.request(3);
    await host.abort();
    expect(log.of('compaction.finished')).toMatchObject([{ isSuccess: false }]);
    await log.untilIdle();
    expect(host.isAtRest).toBe(true);
  });
});
