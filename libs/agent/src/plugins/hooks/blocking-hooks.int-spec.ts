import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HookEvent } from '@pizzapi/plugins';
import { type AnswerScript, type ScriptedModel, startScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anInput, type EventLog, SessionFixture } from '../../../testing/session-fixture.js';
import { askingServer } from '../../../testing/asking-server.js';
import { commandAt, hookNotices, pluginWith } from '../../../testing/plugin-fixture.js';
import { portsOf, writeAgent } from '../../../testing/subagent-fixture.js';
import type { AgentHost } from '../../session/agent-host.js';
import { readPlugins } from '../read-plugins.js';

let model: ScriptedModel;
let fixture: SessionFixture;

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson, {
    retry: { maxRetries: 0 },
    compaction: { keepRecentTokens: 1 },
  });
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

interface Opened {
  host: AgentHost;
  log: EventLog;
  /** What people are told of the hook, as `outcome: text`. */
  told: () => string[];
}

const ASKING = { rules: [{ tool: 'bash', action: 'ask' as const }] };

/** A session with a plugin whose hook for this event says no by its exit code. */
async function blocking(event: HookEvent, asks = false): Promise<Opened> {
  const folder = join(fixture.home, 'plugins');
  write(join(folder, 'kit', 'plugin.json'), '{ "name": "kit" }');
  write(join(folder, 'kit', 'commands', 'go.md'), 'Go by the book.');
  const hooks = { [event]: [{ hooks: [{ type: 'command', command: 'echo Not on Fridays. >&2; exit 2' }] }] };
  write(join(folder, 'kit', 'hooks', 'hooks.json'), JSON.stringify({ hooks }));
  await writeAgent(join(fixture.home, 'agents'), 'taster');
  const { host, log } = await fixture.started({
    plugins: await readPlugins({ roots: [folder], installedFile: join(folder, 'none.json') }),
    subagents: await portsOf(fixture),
    ...(event.startsWith('Elicitation') && { mcp: askingServer() }),
    approvals: asks ? [{ source: 'config.json', settings: ASKING }] : [],
  });
  const told = (): string[] =>
    log.of('entry.appended').flatMap(({ content }) => {
      const notice = JSON.stringify(content);
      const [, outcome, text] = /"event":"\w+","outcome":"(\w+)","text":"([^"]*)"/.exec(notice) ?? [];
      return outcome === undefined ? [] : [`${outcome}: ${text ?? ''}`];
    });
  return { host, log, told };
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const heard = (n = -1): string => JSON.stringify(model.requests.at(n)?.messages ?? []);

/** The model answers with these commands, one after the other, and then says that it is done. */
async function turn({ host, log }: Opened, ...commands: string[]): Promise<void> {
  model.next(
    ...commands.map(
      (command): AnswerScript =>
        (said) =>
          said.toolCall('bash', { command }),
    ),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('go')]);
  await log.untilIdle();
}

/** A test for each line of the table: a line without one does not compile. */
const BLOCKS: Record<HookEvent, () => Promise<void>> = {
  SessionStart: async () => {
    const opened = await blocking('SessionStart');
    await turn(opened);
    expect(opened.told()).toEqual(['said: Not on Fridays.']);
    expect(heard()).not.toContain('Fridays');
  },
  UserPromptSubmit: async () => {
    const { host, log, told } = await blocking('UserPromptSubmit');
    await host.receive([anInput('go')]);
    await log.until(() => told().length === 1);
    expect(told()).toEqual(['blocked: Not on Fridays.']);
    expect(model.requests).toEqual([]);
  },
  UserPromptExpansion: async () => {
    const { host, log, told } = await blocking('UserPromptExpansion');
    await host.receive([anInput('/kit:go')]);
    await log.until(() => told().length === 1);
    expect(told()).toEqual(['blocked: Not on Fridays.']);
    expect(model.requests).toEqual([]);
  },
  PreToolUse: async () => {
    const opened = await blocking('PreToolUse');
    await turn(opened, 'echo ran');
    expect(heard()).toContain('A hook of the plugin kit denies this call: Not on Fridays.');
    expect(heard()).not.toContain('"ran');
  },
  PermissionRequest: async () => {
    const { host, log, told } = await blocking('PermissionRequest', true);
    await asking({ host, log, told });
    expect(told()).toEqual(['failed: it ended with exit code 2: Not on Fridays.']);
    expect(heard()).toContain('ran');
  },
  PostToolUse: async () => {
    await turn(await blocking('PostToolUse'), 'echo ran');
    expect(heard()).toMatch(/ran.*A hook of the plugin kit says: Not on Fridays\./);
  },
  PostToolUseFailure: async () => {
    await turn(await blocking('PostToolUseFailure'), 'echo failed; exit 3');
    expect(heard()).toMatch(/failed.*A hook of the plugin kit says: Not on Fridays\./);
  },
  PostToolBatch: async () => {
    const opened = await blocking('PostToolBatch');
    await turn(opened, 'echo ran');
    expect(opened.told()).toEqual(['stopped: Not on Fridays.']);
    expect(model.requests).toHaveLength(1);
  },
  Notification: async () => {
    const opened = await blocking('Notification', true);
    await asking(opened);
    expect(opened.told()).toEqual(['said: Not on Fridays.']);
    expect(heard()).toContain('ran');
  },
  Elicitation: async () => {
    const opened = await blocking('Elicitation');
    await baking(opened);
    expect(opened.log.of('approval.requested')).toEqual([]);
    expect(opened.told()).toEqual(['blocked: Not on Fridays.']);
    expect(heard()).toContain('Baked: decline"');
  },
  ElicitationResult: async () => {
    const opened = await blocking('ElicitationResult');
    await baking(opened, '220');
    expect(opened.told()).toEqual(['blocked: Not on Fridays.']);
    expect(heard()).toContain('Baked: decline"');
  },
  SubagentStart: async () => {
    const opened = await blocking('SubagentStart');
    await tasting(opened);
    expect(opened.told()).toEqual(['said: Not on Fridays.']);
    expect(heard()).toContain('It is crisp.');
  },
  SubagentStop: async () => {
    const opened = await blocking('SubagentStop');
    await tasting(opened);
    expect(opened.told()).toEqual(['said: Not on Fridays.']);
    expect(heard()).toContain('It is crisp.');
  },
  Stop: async () => {
    const { host, log } = await blocking('Stop');
    model.otherwise((said) => said.text('Done.'));
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(heard(1)).toContain('A hook of the plugin kit says: Not on Fridays.');
  },
  StopFailure: async () => {
    const { host, log, told } = await blocking('StopFailure');
    model.next((said) => said.fail(400, 'Broken.'));
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(told()).toEqual([]);
    expect(model.requests).toHaveLength(1);
  },
  PreCompact: async () => {
    const opened = await blocking('PreCompact');
    await compacting(opened, () => opened.told().length === 1);
    expect(opened.told()).toEqual(['blocked: Not on Fridays.']);
    await turn(opened);
    expect(heard()).toContain('One');
  },
  PostCompact: async () => {
    const opened = await blocking('PostCompact');
    await compacting(opened, () => opened.told().length === 1);
    expect(opened.told()).toEqual(['said: Not on Fridays.']);
    await turn(opened);
    expect(heard()).toContain('A summary.');
  },
  PostModelSwitch: async () => {
    const opened = await blocking('PostModelSwitch');
    await opened.host.setModel({ provider: 'scripted', id: 'm2' });
    await opened.log.until(() => opened.told().length === 1);
    expect(opened.told()).toEqual(['said: Not on Fridays.']);
    await turn(opened);
    expect(heard()).not.toContain('Fridays');
  },
  SessionEnd: async () => {
    const { host, told } = await blocking('SessionEnd');
    await host.close('stopped');
    expect(told()).toEqual(['said: Not on Fridays.']);
  },
};

/** The model calls a command that a person is asked about, who allows it once something was told of a hook. */
async function asking({ host, log, told }: Opened): Promise<void> {
  model.next(
    (said) => said.toolCall('bash', { command: 'echo ran' }),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('go')]);
  await log.until(() => log.of('approval.requested').length === 1 && told().length === 1);
  const [asked] = log.of('approval.requested');
  host.answerApproval(asked?.approvalId ?? '', { decision: 'allow' }, { userId: 'u', name: 'Ada' });
  await log.untilIdle();
}

/** The model calls the tool of a server, whose questions are answered so. */
async function baking({ host, log }: Opened, ...answers: string[]): Promise<void> {
  await log.until(() => JSON.stringify(log.of('commands.changed').at(-1)?.mcpServers ?? []).includes('"connected"'));
  model.next(
    (said) => said.toolCall('mcp__oven__bake', {}),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('go')]);
  for (const [at, text] of answers.entries()) {
    await log.until(() => log.of('approval.requested').length === at + 1);
    const id = log.of('approval.requested').at(-1)?.approvalId ?? '';
    host.answerApproval(id, { decision: 'allow', text }, { userId: 'u', name: 'Ada' });
  }
  await log.untilIdle();
}

async function tasting({ host, log }: Opened): Promise<void> {
  model.next(
    (said) => said.toolCall('subagent', { agent: 'taster', task: 'Taste it.' }),
    (said) => said.text('It is crisp.'),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('go')]);
  await log.untilIdle();
}

/** The same, by JSON. */
it.each([
  ['SubagentStart', 1],
  ['SubagentStop', 2],
] as const)('a hook for %s may end the turn', async (event, requests) => {
  await writeAgent(join(fixture.home, 'agents'), 'taster');
  const hooks = commandAt(event, `echo '{"continue": false, "stopReason": "Enough."}'`);
  const { host, log } = await fixture.started({
    plugins: await pluginWith(fixture, hooks),
    subagents: await portsOf(fixture),
  });
  model.next(
    (said) => said.toolCall('subagent', { agent: 'taster', task: 'Taste it.' }),
    (said) => said.text('It is crisp.'),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('go')]);
  await log.untilIdle();
  expect(hookNotices(log)).toEqual(['stopped: Enough.']);
  expect(model.requests).toHaveLength(requests);
});

it.each([
  ['decline', 'Baked: decline"', []],
  ['cancel', 'Baked: cancel"', []],
  ['accept', 'Baked: accept, accept', ['220', 'I have opened it']],
])('a hook for Elicitation that answers %s: %s', async (action, baked, answers) => {
  const output = JSON.stringify({ hookSpecificOutput: { hookEventName: 'Elicitation', action, content: {} } });
  const plugins = await pluginWith(fixture, commandAt('Elicitation', `echo '${output}'`, {}, 'oven'));
  const opened = await fixture.started({ plugins, mcp: askingServer() });
  await baking({ ...opened, told: () => [] }, ...answers);
  expect(heard()).toContain(baked);
});

it('a hook that is told of something else ends nothing, whatever it says', async () => {
  const hooks = commandAt('Notification', `echo '{"continue": false, "systemMessage": "Look."}'`);
  const { host, log } = await fixture.started({ plugins: await pluginWith(fixture, hooks), idleAfterMs: 1 });
  model.next((said) => said.text('Done.'));
  await host.receive([anInput('go')]);
  await log.until(() => hookNotices(log).length === 1);
  expect(hookNotices(log)).toEqual(['said: Look.']);
});

async function compacting({ host, log }: Opened, isOver: () => boolean): Promise<void> {
  model.otherwise((said) => said.text('A summary.'));
  await host.receive([anInput('One'), anInput('Two'), anInput('/compact')]);
  await log.until(isOver);
  await log.until(() => log.of('activity.changed').at(-1)?.activity === 'idle');
}

describe('a hook that ends with exit code 2, for', () => {
  it.each(Object.entries(BLOCKS))('%s', (_event, check) => check());
});
