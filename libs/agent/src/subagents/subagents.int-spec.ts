import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gate, startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anInput, type EventLog, SessionFixture } from '../../testing/session-fixture.js';
import {
  changesIn,
  isFromSubagent,
  lastWords,
  portsOf,
  processesOf,
  resultIn,
  toolNames,
  writeAgent,
} from '../../testing/subagent-fixture.js';
import type { SubagentPorts } from './subagent-ports.js';

let model: ScriptedModel;
let fixture: SessionFixture;

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
  await writeAgent(join(fixture.home, 'agents'), 'scout', { tools: 'Read, Grep, Glob, WebFetch' });
  await writeAgent(join(fixture.home, 'agents'), 'worker', { model: 'scripted/m2' });
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

/** The session's agent calls the tool, then says something; subagents answer as the test says. */
async function delegate(
  args: object,
  changes: Partial<SubagentPorts> = {},
): Promise<{ log: EventLog; abort: () => Promise<void> }> {
  const { host, log } = await fixture.started({ subagents: await portsOf(fixture, changes) });
  model.next((said) => said.toolCall('subagent', args, 'call_1'));
  await host.receive([anInput('delegate')]);
  return { log, abort: () => host.abort() };
}

describe('one subagent', () => {
  it('does its task in a window of its own, with its own tools, and only its answer comes back', async () => {
    model.next(
      (said) => said.toolCall('subagent', { agent: 'scout', task: 'Find the answer.' }, 'call_1'),
      (said) => said.toolCall('read', { path: 'facts.txt' }),
      (said) => said.text('It is 42.'),
      (said) => said.text('The scout says 42.'),
    );
    const { host, log } = await fixture.started({ subagents: await portsOf(fixture) });
    await host.receive([anInput('What is the answer?')]);
    await log.untilIdle();

    const [, first, , after] = model.requests;
    expect(toolNames(first!)).toEqual(['find', 'grep', 'read']);
    expect(JSON.stringify(first)).toContain('You are scout.');
    expect(JSON.stringify(first)).not.toContain('What is the answer?');
    expect(lastWords(first!)).toContain('Task: Find the answer.');
    expect(lastWords(after!)).toContain('It is 42.');
    expect(JSON.stringify(after)).not.toContain('facts.txt');

    const { text, isError, run, usage } = resultIn(log);
    expect([text, isError]).toEqual(['It is 42.', false]);
    expect(run).toMatchObject({
      mode: 'single',
      steps: [
        {
          agent: 'scout',
          task: 'Find the answer.',
          state: 'done',
          model: 'scripted/m1',
          answer: 'It is 42.',
          callCount: 1,
          calls: [{ toolName: 'read', object: 'facts.txt', state: 'failed' }],
          usage: { turns: 2, input: 200, output: 20 },
          notes: ['The tool WebFetch is left out: there is none of that name here.'],
        },
      ],
    });
    expect(usage).toMatchObject({ input: 200, output: 20 });
    // Its own share of what the session used; the session's agent made two requests itself.
    expect(log.of('usage.changed').at(-1)?.usage).toMatchObject({
      input: 400,
      output: 40,
      subagents: { input: 200, output: 20 },
    });
  });

  it('tells how it gets on while it runs, in another folder where it is told to', async () => {
    const reading = gate();
    model.next(
      (said) => said.toolCall('subagent', { agent: 'worker', task: 'Work.', cwd: '..' }, 'call_1'),
      (said) => said.toolCall('bash', { command: 'touch here' }, 'c1'),
      async (said) => {
        await said.text('Nearly there');
        await reading.opened;
      },
      (said) => said.text('Done.'),
    );
    const { host, log } = await fixture.started({ subagents: await portsOf(fixture) });
    await host.receive([anInput('go')]);
    await log.until(() => changesIn(log).some(({ change }) => change.words === 'Nearly there'));
    const seen = changesIn(log);
    expect(seen.every(({ toolCallId, step }) => toolCallId === 'call_1' && step === 0)).toBe(true);
    expect(seen.flatMap(({ change }) => change.state ?? [])).toEqual(['waiting', 'running']);
    expect(seen.flatMap(({ change }) => change.calls ?? []).at(-1)).toEqual({
      callId: 'c1',
      toolName: 'bash',
      object: 'touch here',
      state: 'done',
    });
    expect(seen.find(({ change }) => change.model)?.change.model).toBe('scripted/m2');
    expect(existsSync(join(fixture.home, 'here'))).toBe(true);
    expect(toolNames(model.requests[1]!)).toEqual(['ask_user', 'bash', 'edit', 'read', 'write']);
    reading.open();
    await log.untilIdle();
  });
});

describe('several subagents', () => {
  it('work in parallel, four at once, and one that fails does not stop the others', async () => {
    const opened = gate();
    let atOnce = 0;
    model.otherwise(async (said, request) => {
      if (!isFromSubagent(request)) return said.text('All read.');
      atOnce += 1;
      await opened.opened;
      return lastWords(request).includes('Task: 2') ? said.fail(400, 'No such luck.') : said.text('Read.');
    });
    const tasks = Array.from({ length: 5 }, (_, index) => ({ agent: 'scout', task: String(index) }));
    const { log } = await delegate({ tasks });
    await log.until(() => changesIn(log).filter(({ change }) => change.state === 'running').length === 4);
    await model.request(5);
    expect(atOnce).toBe(4);
    opened.open();
    await log.untilIdle();

    const { text, isError, run } = resultIn(log);
    expect(run.steps.map(({ state }) => state)).toEqual(['done', 'done', 'failed', 'done', 'done']);
    expect(isError).toBe(false);
    expect(text).toContain('## 2. scout\nRead.');
    expect(text).toMatch(/## 3\. scout: failed\nThe subagent's model failed: .*No such luck/);
  });

  it('are at most eight', async () => {
    const tasks = Array.from({ length: 9 }, () => ({ agent: 'scout', task: 'x' }));
    const { log } = await delegate({ tasks });
    model.next((said) => said.text('Too many.'));
    await log.untilIdle();
    expect(lastWords(model.requests[1]!)).toMatch(/tasks.*8/);
    expect(model.requests).toHaveLength(2);
  });
});

describe('a chain', () => {
  const chain = [
    { agent: 'scout', task: 'First.' },
    { agent: 'worker', task: 'Then {previous} and $& {previous}' },
    { agent: 'scout', task: 'Last: {previous}' },
  ];

  it('gives each step the answer of the one before, and the last one is its own', async () => {
    const { log } = await delegate({ chain: chain.slice(0, 2) });
    model.next(
      (said) => said.text('one'),
      (said) => said.text('two'),
      (said) => said.text('Done.'),
    );
    await log.untilIdle();
    expect(lastWords(model.requests[2]!)).toContain('Task: Then one and $& one');
    expect(resultIn(log)).toMatchObject({ text: 'two', isError: false });
  });

  it('gives an answer whole and as it is, however long and odd', async () => {
    const odd = `\u0000\u001b[31m\ufeff{previous} $& ${'🍕'.repeat(60_000)}\r\nend`;
    const { log } = await delegate({ chain: [chain[0], { agent: 'worker', task: 'Then <{previous}>.' }] });
    model.next(
      (said) => said.text(odd),
      (said) => said.text('two'),
      (said) => said.text('Done.'),
    );
    await log.untilIdle();
    // Not shown when it fails: nobody reads that.
    const asked = JSON.stringify(`Then <${odd}>.`).slice(1, -1);
    expect(lastWords(model.requests[2]!).includes(asked)).toBe(true);
    expect(resultIn(log)).toMatchObject({ text: 'two', isError: false });
  });

  it('that is broken off in the middle runs none of the steps after', async () => {
    const { log, abort } = await delegate({ chain });
    model.next((said) => said.text('one'));
    model.otherwise((said, request) => (isFromSubagent(request) ? said.hang() : said.text('So be it.')));
    await log.until(() => changesIn(log).some(({ step, change }) => step === 1 && change.state === 'running'));
    await abort();
    await expect.poll(() => processesOf(fixture)).toEqual([]);
    const { run, isError } = resultIn(log);
    expect([isError, run.steps.map(({ state }) => state)]).toEqual([true, ['done', 'aborted', 'skipped']]);
    expect(run.steps[0]?.answer).toBe('one');
  });

  it('stops at the step that fails, and says where', async () => {
    const { log } = await delegate({ chain });
    model.next(
      (said) => said.text('one'),
      (said) => said.fail(400, 'Broken.'),
      (said) => said.text('I see.'),
    );
    await log.untilIdle();
    const { text, isError, run } = resultIn(log);
    expect(text).toMatch(/^The chain stopped at step 2 of 3 \(worker\): The subagent's model failed: .*Broken/);
    expect(text).toContain('One step after it did not run.\nThe step before it (scout) had answered:\none');
    expect([isError, run.steps.map(({ state }) => state)]).toEqual([true, ['done', 'failed', 'skipped']]);
    expect(run.steps[1]?.problem?.code).toBe('subagent_failed');
  });
});

describe('a subagent that does not come to its end', () => {
  it('is ended with the turn, and nothing that it started is left', async () => {
    const { log, abort } = await delegate({
      tasks: [
        { agent: 'worker', task: 'a' },
        { agent: 'worker', task: 'b' },
      ],
    });
    model.otherwise((said) => said.toolCall('bash', { command: '(setsid sleep 600 &) ; sleep 601; :' }));
    await log.until(() => changesIn(log).filter(({ change }) => change.calls?.[0]?.toolName === 'bash').length === 2);
    // Two of pi, two shells, two commands and two that left their shells' sessions.
    await expect.poll(() => processesOf(fixture).length).toBe(8);
    await abort();
    await expect.poll(() => processesOf(fixture)).toEqual([]);
    const { run, isError } = resultIn(log);
    expect(run.steps.map(({ state, problem }) => [state, problem?.code])).toEqual([
      ['aborted', 'subagent_aborted'],
      ['aborted', 'subagent_aborted'],
    ]);
    expect([isError, log.of('activity.changed').at(-1)]).toEqual([true, { activity: 'idle' }]);
  });

  it('that was killed is a named error of its step, and what it left is ended', async () => {
    const { log } = await delegate({ agent: 'worker', task: 'Die.' });
    model.next(
      (said) => said.toolCall('bash', { command: 'sleep 600 & kill -9 $PPID; sleep 601; :' }),
      (said) => said.text('It died.'),
    );
    await log.untilIdle();
    const { text, isError, run } = resultIn(log);
    expect(text).toContain("The subagent's process ended before its answer: it was killed by SIGKILL.");
    expect([isError, run.steps[0]?.state, run.steps[0]?.problem?.code]).toEqual([true, 'failed', 'subagent_died']);
    await expect.poll(() => processesOf(fixture)).toEqual([]);
  });

  it('has its time, then it is ended', async () => {
    const { log } = await delegate({ agent: 'worker', task: 'Dream.' }, { timeoutMs: 1_500 });
    model.otherwise((said, request) => (isFromSubagent(request) ? said.hang() : said.text('It slept.')));
    await log.untilIdle();
    expect(resultIn(log).run.steps[0]?.problem).toMatchObject({ code: 'subagent_timed_out' });
    await expect.poll(() => processesOf(fixture)).toEqual([]);
  });
});

describe('what cannot be done', () => {
  it.each([
    [{ agent: 'nobody', task: 'x' }, 'agent_unknown', 'There is no agent "nobody". There are: scout, worker.'],
    [{ agent: 'worker', task: 'x', cwd: 'missing' }, 'folder_missing', 'does not exist on this runner'],
    [{ agent: 'worker', task: 'x', model: 'other/m9' }, 'model_unknown', 'The model other/m9 is not set up'],
  ])('is said by name: %j', async (args, code, sentence) => {
    const { log } = await delegate(args);
    model.next((said) => said.text('I see.'));
    await log.untilIdle();
    const { text, run } = resultIn(log);
    expect([run.steps[0]?.state, run.steps[0]?.problem?.code]).toEqual(['failed', code]);
    expect(text).toContain(sentence);
  });

  it('is said of a file that is no agent, when the session opens and to who asks for it', async () => {
    const path = await writeAgent(join(fixture.home, 'agents'), 'broken', { tools: '{ a: [' });
    const { log } = await delegate({ agent: 'broken', task: 'x' });
    model.next((said) => said.text('I see.'));
    await log.untilIdle();
    expect(log.of('error.raised')).toMatchObject([
      {
        code: 'agent_file_invalid',
        detail: expect.stringContaining(`${path} is not used: its frontmatter is not valid`),
      },
    ]);
    expect(resultIn(log).text).toContain(`Files that cannot be used: ${path}`);
  });
});
