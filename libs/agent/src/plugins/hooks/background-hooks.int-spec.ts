import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gate, type ScriptedModel, startScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandAt, hookNotices, pluginWith } from '../../../testing/plugin-fixture.js';
import { anInput, SessionFixture } from '../../../testing/session-fixture.js';

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

const asked = (n = -1): string => JSON.stringify(model.requests.at(n)?.messages ?? []);
const opened = async (hooks: object) => fixture.started({ plugins: await pluginWith(fixture, hooks) });
/** Waits for a file of the session's folder to be there. */
const waiting = (name: string): string => `until [ -e ${name} ]; do sleep 0.02; done`;
const create = (name: string): void => writeFileSync(join(fixture.cwd, name), '');
const once = (name: string): string => `[ -e ${name} ] && exit 0; touch ${name}`;

describe('a hook with asyncRewake', () => {
  it('wakes an agent that rests: a turn begins with what it says, and people are told', async () => {
    const command = `${once('woke')}; ${waiting('ready')}; echo The build is red. >&2; exit 2`;
    const rewake = { asyncRewake: true, rewakeMessage: 'From the build:', rewakeSummary: 'The build was looked at' };
    const { host, log } = await opened(commandAt('Stop', command, rewake));
    model.otherwise((said) => said.text('Done.'));
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(host.isAtRest).toBe(false);
    expect(model.requests).toHaveLength(1);
    create('ready');
    await model.request(2);
    await log.untilIdle();
    expect(asked()).toContain('From the build:\\n\\nThe build is red.');
    await log.until(() => hookNotices(log).includes('said: The build was looked at'));
    await expect.poll(() => host.isAtRest).toBe(true);
  });

  it('tells an agent that works before its next call of the model, and takes what it printed where it says no error', async () => {
    const command = `${once('woke')}; echo The tests fail.; exit 2`;
    const rewake = { asyncRewake: true, rewakeSummary: 'Tested' };
    const { host, log } = await opened(commandAt('PostToolUse', command, rewake));
    const second = gate();
    model.next(
      (said) => said.toolCall('bash', { command: 'true' }),
      async (said) => {
        await second.opened;
        await said.toolCall('bash', { command: 'true' });
      },
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await model.request(2);
    await log.until(() => hookNotices(log).includes('said: Tested'));
    second.open();
    await log.untilIdle();
    expect(asked()).toContain('A hook of the plugin kit says, from the background: The tests fail.');
    expect(model.requests).toHaveLength(3);
  });

  it('wakes nobody by another end, and holds nothing up', async () => {
    const { host, log } = await opened(commandAt('PreToolUse', 'echo Broken. >&2; exit 1', { asyncRewake: true }));
    model.next(
      (said) => said.toolCall('bash', { command: 'echo ran' }),
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await log.until(() => hookNotices(log).length === 1);
    await log.untilIdle();
    expect(hookNotices(log)).toEqual(['failed: it ended with exit code 1: Broken.']);
    expect(asked()).toContain('ran');
    expect(model.requests).toHaveLength(2);
  });

  it('that always wakes the agent does so eight times, until somebody says something', async () => {
    const { host, log } = await opened(commandAt('Stop', 'echo Again. >&2; exit 2', { asyncRewake: true }));
    model.otherwise((said) => said.text('Done.'));
    await host.receive([anInput('go')]);
    const limit = 'failed: it has woken the agent 8 times in a row, and wakes it no more';
    await log.until(() => hookNotices(log).includes(limit));
    await log.untilIdle();
    expect(model.requests).toHaveLength(9);
    await host.receive([anInput('go on')]);
    await model.request(11);
  });

  it('ends when a person stops the turn, and wakes nobody any more', async () => {
    const { host } = await opened(
      commandAt('UserPromptSubmit', `${waiting('ready')}; echo Late. >&2; exit 2`, { asyncRewake: true }),
    );
    const held = gate();
    model.next(async (said) => {
      await held.opened;
      await said.text('Done.');
    });
    await host.receive([anInput('go')]);
    await model.request(1);
    expect(host.isAtRest).toBe(false);
    const aborted = host.abort();
    held.open();
    await aborted;
    await expect.poll(() => host.isAtRest).toBe(true);
    expect(model.requests).toHaveLength(1);
  });
});

describe('what a hook says of itself', () => {
  it('is there for people while it is waited for', async () => {
    const hooks = commandAt('PreToolUse', waiting('ready'), { statusMessage: 'Looking for secrets…' });
    const { host, log } = await opened(hooks);
    model.next(
      (said) => said.toolCall('bash', { command: 'true' }),
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await log.until(() => log.of('activity.changed').at(-1)?.status !== undefined);
    expect(log.of('activity.changed').at(-1)).toEqual({ activity: 'working', status: 'Looking for secrets…' });
    create('ready');
    await log.until(() => log.of('activity.changed').at(-1)?.status === undefined);
    await log.untilIdle();
    expect(log.of('activity.changed').map(({ activity }) => activity)).toEqual([
      'idle',
      'working',
      'working',
      'working',
      'idle',
    ]);
  });

  it('goes with a turn that is broken off', async () => {
    const hooks = commandAt('PreToolUse', waiting('never'), { statusMessage: 'Looking…' });
    const { host, log } = await opened(hooks);
    model.next((said) => said.toolCall('bash', { command: 'true' }));
    await host.receive([anInput('go')]);
    await log.until(() => log.of('activity.changed').at(-1)?.status !== undefined);
    await host.abort();
    expect(log.of('activity.changed').at(-1)).toEqual({ activity: 'idle' });
  });
});
