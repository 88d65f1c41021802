import { gate, startScriptedModel, type ChatRequest, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aTriggerItem } from '../../testing/trigger-fixture.js';
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

/** Which of the words each user message of the request holds, in order. */
function heard(request: ChatRequest | undefined, words: RegExp): (string | undefined)[] {
  return (request?.messages ?? [])
    .filter(({ role }) => role === 'user')
    .map(({ content }) => words.exec(JSON.stringify(content))?.[0]);
}

describe('a trigger', () => {
  it.each(['steer', 'followUp'] as const)('as %s starts a turn of an idle agent', async (deliverAs) => {
    const { host, log } = await fixture.started();
    model.next((answer) => answer.text('Seen.'));
    await host.receive([aTriggerItem({ summary: 'Order 7 shipped' }, { deliverAs })]);
    await log.untilIdle();
    expect(log.text).toBe('Seen.');
    expect(heard(model.requests[0], /Order 7 shipped/)).toEqual(['Order 7 shipped']);
    expect(log.of('entry.appended').map(({ kind }) => kind)).toEqual(['trigger', 'assistant']);
  });

  it('steers before the next model call, in the order of arrival with input that steers; follow-ups come after', async () => {
    const { host, log } = await fixture.started();
    const arrived = gate();
    const toolCall = (answer: { toolCall: (name: string, args: object) => Promise<void> }) =>
      answer.toolCall('bash', { command: 'true' });
    model.next(
      async (answer) => {
        await answer.text('Working');
        await arrived.opened;
        await toolCall(answer);
      },
      toolCall,
      toolCall,
      (answer) => answer.text('Steered.'),
      (answer) => answer.text('After.'),
      (answer) => answer.text('Last.'),
    );
    await host.receive([anInput('begin-now')]);
    await log.until(({ text }) => text === 'Working');
    await host.receive([
      aTriggerItem({ summary: 'follow-one' }),
      aTriggerItem({ summary: 'steer-one' }, { deliverAs: 'steer' }),
      anInput('steer-two', { deliverAs: 'steer' }),
      anInput('follow-two', { deliverAs: 'followUp' }),
      aTriggerItem({ summary: 'steer-three' }, { deliverAs: 'steer' }),
    ]);
    arrived.open();
    await log.until(({ text }) => text.endsWith('Last.'));
    await log.untilIdle();
    const words = /begin-now|steer-\w+|follow-(one|two)/;
    expect(model.requests.map((request) => heard(request, words).length)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(heard(model.requests[5], words)).toEqual([
      'begin-now',
      'steer-one',
      'steer-two',
      'steer-three',
      'follow-one',
      'follow-two',
    ]);
  });

  it('that comes again is skipped, also after the session was opened anew', async () => {
    const item = aTriggerItem();
    const before = await fixture.started();
    model.next((answer) => answer.text('Seen.'));
    await before.host.receive([item]);
    await before.host.receive([item]);
    await before.log.untilIdle();
    await before.host.close('shutdown');

    const { host, log } = await fixture.started({ isResume: true });
    model.next((answer) => answer.text('Next.'));
    await host.receive([item, aTriggerItem({ summary: 'another' })]);
    await log.until(({ text }) => text === 'Next.');
    await log.untilIdle();
    expect(model.requests).toHaveLength(2);
    const details = host.entriesAfter(null).filter(({ kind }) => kind === 'trigger');
    expect(details).toHaveLength(2);
  });

  it('of a listener gives its prompt as the task and the session its name', async () => {
    const { host, log } = await fixture.started();
    model.next((answer) => answer.text('Reviewed.'));
    const item = aTriggerItem({ listenerId: 'lst_1', prompt: 'Review the push.', summary: 'Push to main' });
    await host.receive([item]);
    await log.untilIdle();
    expect(log.of('name.changed').at(-1)).toEqual({ name: 'Push to main' });
    expect(heard(model.requests[0], /Review the push\.\\n\\nA trigger started this session/)).toEqual([
      'Review the push.\\n\\nA trigger started this session',
    ]);
    expect(log.of('entry.appended')[0]).toMatchObject({
      kind: 'trigger',
      content: { details: { id: item.deliveryId, prompt: 'Review the push.', trigger: item.text } },
    });
  });

  it('renames no session that has a name, and none that merely subscribed', async () => {
    model.otherwise((answer) => answer.text('ok'));
    const { host, log } = await fixture.started();
    await host.receive([aTriggerItem({ summary: 'Just news' })]);
    host.setName('Mine');
    await host.receive([aTriggerItem({ listenerId: 'lst_1', summary: 'Late' })]);
    await log.untilIdle();
    expect(log.of('name.changed')).toEqual([{ name: 'Mine' }]);
  });
});
