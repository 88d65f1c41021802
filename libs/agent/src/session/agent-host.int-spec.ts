import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gate, startScriptedModel, type ChatRequest, type ScriptedModel } from '@pizzapi/testing';
import { ProblemCode } from '@pizzapi/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';

let model: ScriptedModel;
let fixture: SessionFixture;

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

/** What people said, as the model got it. */
function saidTo(request: ChatRequest | undefined): string[] {
  return (request?.messages ?? [])
    .filter(({ role }) => role === 'user')
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)));
}

describe('a turn', () => {
  it('streams thinking, text and a tool call, and ends in finished entries', async () => {
    const { host, log } = await fixture.started();
    const half = gate();
    model.next(
      async (answer) => {
        await answer.thinking('hm');
        await answer.text('Hello ');
        await half.opened;
        await answer.text('there');
        await answer.toolCall('bash', { command: 'echo one; echo two' }, 'call_1');
      },
      (answer) => answer.text('Done.'),
    );
    await host.receive([anInput('Say hello', { deliveryId: 'inp_hello', authorName: 'Ada' })]);
    await log.until(({ text }) => text === 'Hello ');
    half.open();
    await log.untilIdle();

    expect(log.text).toBe('Hello thereDone.');
    expect(log.of('message.delta')).toContainEqual(expect.objectContaining({ kind: 'thinking', delta: 'hm' }));
    expect(log.of('message.delta')).toContainEqual(
      expect.objectContaining({ kind: 'toolCall', toolName: 'bash', toolCallId: 'call_1' }),
    );
    expect(log.of('tool.started')).toEqual([
      { toolCallId: 'call_1', toolName: 'bash', args: { command: 'echo one; echo two' } },
    ]);
    expect(
      log
        .of('tool.output')
        .map(({ delta }) => delta)
        .join(''),
    ).toBe('one\ntwo\n');
    expect(log.of('tool.finished')).toEqual([expect.objectContaining({ toolCallId: 'call_1', isError: false })]);

    const entries = log.of('entry.appended');
    expect(entries.map(({ kind }) => kind)).toEqual(['user', 'assistant', 'tool', 'assistant']);
    expect(entries[0]?.content).toMatchObject({
      content: 'Say hello',
      details: { id: 'inp_hello', authorName: 'Ada' },
    });
    const messageIds = log.of('message.started').map(({ messageId }) => messageId);
    expect(entries.flatMap(({ messageId }) => messageId ?? [])).toEqual(messageIds);
    expect(log.of('activity.changed').map(({ activity }) => activity)).toEqual(['idle', 'working', 'idle']);
    expect(log.of('usage.changed').at(-1)?.usage).toMatchObject({ input: 200, output: 20, contextWindow: 100_000 });
    expect(saidTo(model.requests[0])).toEqual([expect.stringContaining('Say hello')]);
    expect(JSON.stringify(model.requests[0]?.messages[0])).toContain('bash');
  });

  it('takes a steer before the next model call and follow-ups after the turn, in order', async () => {
    const { host, log } = await fixture.started();
    const steered = gate();
    model.next(
      async (answer) => {
        await answer.text('Working');
        await steered.opened;
        await answer.toolCall('bash', { command: 'true' });
      },
      (answer) => answer.text('Steered.'),
      (answer) => answer.text('First.'),
      (answer) => answer.text('Second.'),
    );
    await host.receive([anInput('go')]);
    await log.until(({ text }) => text === 'Working');
    await host.receive([
      anInput('first', { deliverAs: 'followUp' }),
      anInput('second'),
      anInput('left', { deliverAs: 'steer' }),
    ]);
    expect(host.queue.map(({ text }) => text)).toEqual(['first', 'second', 'left']);
    steered.open();
    await log.untilIdle();

    expect(model.requests.map((request) => saidTo(request).length)).toEqual([1, 2, 3, 4]);
    expect(saidTo(model.requests[3]).map((said) => /go|left|first|second/.exec(said)?.[0])).toEqual([
      'go',
      'left',
      'first',
      'second',
    ]);
    expect(host.queue).toEqual([]);
    expect(log.of('activity.changed')).toHaveLength(3);
  });

  it('lets people change and take back what waits, and refuses it afterwards', async () => {
    const { host, log } = await fixture.started();
    const end = gate();
    model.next(
      async (answer) => {
        await answer.text('…');
        await end.opened;
      },
      (answer) => answer.text('ok'),
    );
    const first = anInput('first');
    const [changed, removed] = [anInput('typo'), anInput('never mind')];
    await host.receive([first, changed, removed]);
    await log.until(({ text }) => text === '…');
    host.editInput(changed.deliveryId, 'better');
    host.removeInput(removed.deliveryId);
    expect(log.of('queue.changed').at(-1)?.inputs).toEqual([expect.objectContaining({ text: 'better' })]);
    expect(() => host.editInput(first.deliveryId, 'late')).toThrow(
      expect.objectContaining({ code: ProblemCode.inputDelivered }),
    );
    end.open();
    await log.untilIdle();
    expect(saidTo(model.requests[1]).at(-1)).toContain('better');
    expect(() => host.removeInput(changed.deliveryId)).toThrow(
      expect.objectContaining({ code: ProblemCode.inputDelivered }),
    );
  });

  it('stops at an abort, keeps what is queued, and hands it over with the next message', async () => {
    const { host, log } = await fixture.started();
    let left: Promise<void> | undefined;
    model.next(
      async (answer) => {
        await answer.text('Long');
        left = answer.aborted;
        await answer.hang();
      },
      (answer) => answer.text('A'),
      (answer) => answer.text('B'),
    );
    await host.receive([anInput('go')]);
    await log.until(({ text }) => text === 'Long');
    await host.receive([anInput('queued', { deliverAs: 'followUp' })]);
    await host.abort();
    await left;
    expect(log.of('activity.changed').at(-1)?.activity).toBe('idle');
    expect(host.queue.map(({ text }) => text)).toEqual(['queued']);
    expect(log.of('entry.appended').at(-1)).toMatchObject({ kind: 'assistant', content: { stopReason: 'aborted' } });

    await host.receive([anInput('next')]);
    await log.until(({ text }) => text === 'LongAB');
    await log.untilIdle();
    expect(saidTo(model.requests[2]).map((said) => /go|queued|next/.exec(said)?.[0])).toEqual(['go', 'queued', 'next']);
  });

  it('goes on with what a person says while the abort is still under way', async () => {
    const { host, log } = await fixture.started();
    model.next(
      (answer) => answer.toolCall('bash', { command: 'echo up; exec sleep 600' }),
      (answer) => answer.text('Instead.'),
    );
    await host.receive([anInput('go')]);
    await log.until((all) => all.of('tool.output').length > 0);
    const aborted = host.abort();
    await host.receive([anInput('rather this', { deliverAs: 'steer' })]);
    await aborted;
    await log.until(({ text }) => text === 'Instead.');
    expect(saidTo(model.requests[1]).at(-1)).toContain('rather this');
    // The abort itself is in the file: after a restart this would be no interrupted turn.
    expect(log.of('entry.appended')[3]).toMatchObject({ kind: 'assistant', content: { stopReason: 'aborted' } });
  });

  it('retries a failing model, says so, and keeps the queue when it gives up', async () => {
    const { host, log } = await fixture.started();
    model.next(
      (answer) => answer.fail(500),
      (answer) => answer.text('Back.'),
    );
    await host.receive([anInput('try')]);
    await log.untilIdle();
    expect(log.of('retry.started')).toEqual([expect.objectContaining({ attempt: 1, maxAttempts: 2 })]);
    expect(log.of('retry.finished')).toEqual([{ isSuccess: true }]);
    expect(log.text).toBe('Back.');

    model.otherwise((answer) => answer.fail(500));
    await host.receive([anInput('again'), anInput('waits')]);
    await log.until(
      (all) => all.of('retry.finished').length === 2 && all.of('activity.changed').at(-1)?.activity === 'idle',
    );
    expect(log.of('retry.finished').at(-1)).toMatchObject({ isSuccess: false });
    expect(host.queue.map(({ text }) => text)).toEqual(['waits']);
    model.otherwise((answer) => answer.text('Better.'));
    host.continueTurn();
    await log.until(({ text }) => text.endsWith('Better.'));
    await log.untilIdle();
    expect(() => host.continueTurn()).toThrow(expect.objectContaining({ code: ProblemCode.conflict }));
  });

  it('fences triggers and shows them as triggers', async () => {
    const { host, log } = await fixture.started();
    model.next((answer) => answer.text('Seen.'));
    await host.receive([anInput('{"type":"ci:failed"}', { kind: 'trigger', deliverAs: 'steer' })]);
    await log.untilIdle();
    expect(log.of('entry.appended')[0]).toMatchObject({
      kind: 'trigger',
      content: { details: { trigger: '{"type":"ci:failed"}' } },
    });
    expect(saidTo(model.requests[0])[0]).toContain('untrusted data');
  });
});

describe('a session', () => {
  it('switches models and names, and refuses a model that is not set up', async () => {
    const { host, log } = await fixture.started({ name: 'First name' });
    expect(log.of('name.changed')).toEqual([{ name: 'First name' }]);
    await host.setModel({ provider: 'scripted', id: 'm2' });
    expect(log.of('model.changed').at(-1)).toEqual({
      model: { provider: 'scripted', id: 'm2' },
      name: 'Second model',
      contextWindow: 50_000,
    });
    await expect(host.setModel({ provider: 'scripted', id: 'no' })).rejects.toMatchObject({
      code: ProblemCode.modelUnknown,
    });
    await expect(host.setModel({ provider: 'demo', id: 'demo' })).rejects.toMatchObject({
      code: ProblemCode.modelUnknown,
    });
    host.setName('Renamed');
    expect(log.of('name.changed').at(-1)).toEqual({ name: 'Renamed' });
  });

  it("loads the person's extensions, and an extension's command needs no turn", async () => {
    await mkdir(join(fixture.agentDir, 'extensions'));
    await writeFile(
      join(fixture.agentDir, 'extensions', 'note.ts'),
      `import { writeFileSync } from 'node:fs';
       export default (pi: { registerCommand(name: string, command: object): void }) =>
         pi.registerCommand('note', { handler: async (text: string, ctx: { cwd: string }) => writeFileSync(ctx.cwd + '/note.txt', text) });`,
    );
    await writeFile(join(fixture.agentDir, 'extensions', 'broken.ts'), 'export default 1;');
    const { host, log } = await fixture.started();
    expect(log.of('error.raised').map(({ detail }) => detail)).toEqual([expect.stringContaining('broken.ts')]);
    const note = anInput('/note remember');
    await host.receive([note]);
    await log.untilIdle();
    expect(await readFile(join(fixture.cwd, 'note.txt'), 'utf8')).toBe('remember');
    await host.close('shutdown');
    const again = await fixture.open({ isResume: true });
    expect(again.host.queue).toEqual([]);
    expect(model.requests).toEqual([]);
  });

  it('says what is wrong with models.json', async () => {
    await writeFile(join(fixture.agentDir, 'models.json'), '{"providers":');
    await expect(fixture.started()).rejects.toThrow(/models\.json/);
  });

  it("keeps the product's secrets from tools", async () => {
    vi.stubEnv('PIZZAPI_API_KEY', 'pza_secret');
    const { host, log } = await fixture.started();
    model.next(
      (answer) => answer.toolCall('bash', { command: 'env > env.txt' }),
      (answer) => answer.text('ok'),
    );
    await host.receive([anInput('env')]);
    await log.untilIdle();
    expect(await readFile(join(fixture.cwd, 'env.txt'), 'utf8')).not.toContain('pza_secret');
  });

  it('is at rest when nothing runs and nothing waits', async () => {
    const { host, log } = await fixture.started();
    expect(host.isAtRest).toBe(true);
    model.next(
      (answer) => answer.hang(),
      (answer) => answer.text('ok'),
    );
    await host.receive([anInput('go')]);
    expect(host.isAtRest).toBe(false);
    await model.request(1);
    await host.receive([anInput('and then', { deliverAs: 'followUp' })]);
    await host.abort();
    // What an abort left queued would begin by itself when the session is opened anew.
    expect(host.isAtRest).toBe(false);
    host.continueTurn();
    await log.untilIdle();
    expect(host.isAtRest).toBe(true);
  });

  it('says when it is closed, and then takes nothing more', async () => {
    const { host, log } = await fixture.started();
    model.next((answer) => answer.hang());
    await host.receive([anInput('go')]);
    await model.request(1);
    await host.close('stopped');
    expect(log.all.at(-1)).toMatchObject({ type: 'session.closed', data: { reason: 'stopped' } });
    await expect(host.receive([anInput('late')])).rejects.toMatchObject({ code: ProblemCode.sessionEnded });
  });
});
