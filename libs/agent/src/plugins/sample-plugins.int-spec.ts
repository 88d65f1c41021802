import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gate, startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentHost } from '../session/agent-host.js';
import type { OpenAgentSessionOptions } from '../session/open-agent-session.js';
import { anInput, type EventLog, SessionFixture } from '../../testing/session-fixture.js';
import { isFromSubagent, lastWords, portsOf, toolNames } from '../../testing/subagent-fixture.js';
import { readPlugins } from './read-plugins.js';

const SAMPLES = fileURLToPath(new URL('../../../testing/samples/plugins', import.meta.url));
const plugins = await readPlugins({ roots: [SAMPLES], installedFile: join(SAMPLES, 'none.json') });

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

const asked = (n = -1): string => JSON.stringify(model.requests.at(n)?.messages);
const file = (name: string): string => join(fixture.cwd, name);
const notices = (log: EventLog) =>
  log
    .of('entry.appended')
    .filter(({ kind }) => kind === 'notice')
    .map(({ content }) => content);

/** What the hooks of the samples wrote of what they were told, by event. */
function seen(event: string): Record<string, unknown>[] {
  const lines = readFileSync(file('events.log'), 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((each) => each['hook_event_name'] === event);
}

async function opened(changes: Partial<OpenAgentSessionOptions> = {}): Promise<{ host: AgentHost; log: EventLog }> {
  const folders = plugins.plugins.flatMap(({ name: plugin, agentFolders }) =>
    agentFolders.map((path) => ({ path, source: 'user' as const, plugin })),
  );
  return fixture.started({ plugins, subagents: await portsOf(fixture, { folders }), ...changes });
}

/** The model calls a tool and then says something. @returns what it read of the call */
async function call(host: AgentHost, log: EventLog, tool: string, args: object): Promise<string> {
  model.next(
    (said) => said.toolCall(tool, args),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('go')]);
  await log.untilIdle();
  return asked();
}

describe('the sample plugins', () => {
  it('are read whole, and what of them is not used is listed', () => {
    expect(plugins.problems).toEqual([]);
    expect(plugins.plugins.map(({ name }) => name)).toEqual([
      'code-review',
      'commit-commands',
      'formatter',
      'security-guard',
      'session-context',
    ]);
    expect(plugins.plugins.flatMap(({ unadapted }) => unadapted)).toEqual([
      '/commit-commands:commit: the field "model" is not followed.',
      'Its hooks for TeammateIdle are not run: there are no teams of agents.',
    ]);
  });

  it('bring context at the beginning, name the session, and hear of its end', async () => {
    const { host, log } = await opened();
    model.next((said) => said.text('Hello.'));
    await host.receive([anInput('Hi')]);
    await log.untilIdle();
    expect(asked()).toContain('The branch is main.');
    expect(asked()).toContain('It is Friday.');
    expect(asked()).toContain('Short sentences, please.');
    expect(log.of('name.changed').at(-1)).toEqual({ name: 'On Friday' });
    expect(seen('SessionStart')).toMatchObject([{ source: 'startup', cwd: fixture.cwd, permission_mode: 'default' }]);
    expect(seen('UserPromptSubmit')).toMatchObject([{ prompt: 'Hi', session_id: fixture.sessionId }]);
    await host.close('stopped');
    expect(seen('SessionEnd')).toMatchObject([{ reason: 'other' }]);
  });

  it('keep a message from beginning a turn, and say why', async () => {
    const { host, log } = await opened();
    await host.receive([anInput('password=hunter2')]);
    await log.until(() => notices(log).length === 2);
    expect(model.requests).toEqual([]);
    expect(notices(log)).toMatchObject([
      {
        role: 'pluginHook',
        plugin: 'session-context',
        event: 'UserPromptSubmit',
        outcome: 'blocked',
        text: 'It holds a password.',
      },
      { role: 'command' },
    ]);
  });

  it('keep what is said into a running turn from the agent, and add to it', async () => {
    const { host, log } = await opened();
    const first = gate();
    model.next(
      async (said) => {
        await first.opened;
        await said.toolCall('ls', {});
      },
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await model.request(1);
    const steers = ['password=hunter2', 'On Friday'].map((text) => anInput(text, { deliverAs: 'steer' }));
    await host.receive(steers);
    first.open();
    await log.untilIdle();
    expect(asked()).toContain('On Friday');
    expect(asked()).not.toContain('hunter2');
    expect(asked().split('It is Friday.')).toHaveLength(3);
    expect(notices(log)).toContainEqual(expect.objectContaining({ outcome: 'blocked', text: 'It holds a password.' }));
    expect(host.queue).toEqual([]);
    expect(seen('UserPromptSubmit').map(({ prompt }) => prompt)).toEqual(['go', 'password=hunter2', 'On Friday']);
  });

  it('refuse calls by JSON and by exit code 2, change others, and add to what the model reads', async () => {
    const { host, log } = await opened();
    expect(await call(host, log, 'bash', { command: 'rm -rf /' })).toContain(
      'A hook of the plugin security-guard denies this call: It would delete more than it should.',
    );
    expect(await call(host, log, 'bash', { command: 'git push origin' })).toContain('Nobody pushes from here.');
    expect(await call(host, log, 'bash', { command: 'npm install x' })).toContain('npm install x --ignore-scripts');
    expect(await call(host, log, 'bash', { command: 'whoami' })).toContain('You are nobody in particular.');
    const key = `AKIA${'A'.repeat(16)}`;
    expect(await call(host, log, 'write', { path: 'a.txt', content: key })).toContain('It holds an access key.');
  });

  it('have a model asked beside the conversation, whose no refuses a call and whose tokens count', async () => {
    const { host, log } = await opened();
    model.next(
      (said) => said.toolCall('bash', { command: 'deploy it' }),
      (said) => said.text('{"ok": false, "reason": "Not on Fridays."}'),
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(asked(1)).toContain('May this be deployed? {');
    expect(asked()).toContain('A hook of the plugin code-review denies this call: Not on Fridays.');
    expect(asked()).not.toContain('May this be deployed?');
    // Three answers of 100 tokens.
    await log.until(() => log.of('usage.changed').at(-1)?.usage.input === 300);
  });

  it('have an agent look, by the rules of the session, whose no refuses a call and whose tokens count', async () => {
    const { host, log } = await opened();
    model.next(
      (said) => said.toolCall('bash', { command: 'release it' }),
      (said) => said.toolCall('bash', { command: 'rm -rf /' }),
      (said) => said.text('{"ok": false, "reason": "No test was run."}'),
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await log.untilIdle();
    const ofHook = model.requests.filter(isFromSubagent);
    expect(JSON.stringify(ofHook[0]?.messages)).toContain('Was it tested? {');
    expect(toolNames(ofHook[0] ?? { messages: [] })).toEqual(['bash', 'find', 'grep', 'ls', 'read']);
    expect(lastWords(ofHook[1] ?? { messages: [] })).toContain('It would delete more than it should.');
    expect(asked()).toContain('A hook of the plugin code-review denies this call: No test was run.');
    expect(notices(log)).toMatchObject([
      { plugin: 'code-review', outcome: 'said', text: 'Its agent looked, in 2 turns, with bash rm -rf /.' },
    ]);
    // Four answers of 100 tokens.
    await log.until(() => log.of('usage.changed').at(-1)?.usage.input === 400);
  });

  it('have a person asked, whatever the rules say', async () => {
    const { host, log } = await opened();
    model.next(
      (said) => said.toolCall('bash', { command: 'curl x' }, 'call_1'),
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await log.until(() => log.of('approval.requested').length === 1);
    const [request] = log.of('approval.requested');
    expect(request?.subject).toMatchObject({
      kind: 'tool',
      args: { command: 'curl x' },
      because: 'A hook of the plugin security-guard asks: It reaches out of this machine.',
    });
    expect(seen('PermissionRequest')).toMatchObject([{ tool_name: 'Bash', tool_input: { command: 'curl x' } }]);
    await expect.poll(() => seen('Notification')).toMatchObject([{ notification_type: 'permission_prompt' }]);
    host.answerApproval(request?.approvalId ?? '', { decision: 'deny' }, { userId: 'u', name: 'Ada' });
    await log.untilIdle();
    expect(asked()).toContain('Ada denied this call');
  });

  it('let nothing pass that the rules ask about or deny, and are judged by what they made of a call', async () => {
    const rules = [
      { tool: 'bash', pattern: 'echo npm *', action: 'ask' as const },
      { tool: 'bash', pattern: '*forbidden*', action: 'deny' as const },
    ];
    const { host, log } = await opened({ approvals: [{ source: 'config.json', settings: { rules } }] });
    // The hook allows it, and changes it to what the first rule is about.
    model.next(
      (said) => said.toolCall('bash', { command: 'npm install x' }, 'call_1'),
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await log.until(() => log.of('approval.requested').length === 1);
    const [request] = log.of('approval.requested');
    expect(request?.subject).toMatchObject({ args: { command: 'echo npm install x --ignore-scripts' } });
    expect(request?.subject).not.toHaveProperty('because');
    host.answerApproval(request?.approvalId ?? '', { decision: 'allow' }, { userId: 'u', name: 'Ada' });
    await log.untilIdle();
    expect(asked()).toContain('npm install x --ignore-scripts');
    expect(await call(host, log, 'bash', { command: 'npm install forbidden' })).toContain('denies this call');
  });

  it('format what was written, complain to the model, and hear of failures and batches', async () => {
    const { host, log } = await opened();
    await call(host, log, 'write', { path: 'a.ts', content: 'one  \ntwo\n' });
    expect(readFileSync(file('a.ts'), 'utf8')).toBe('one\ntwo\n');
    expect(asked()).toContain('No any in TypeScript.');
    expect(notices(log)).toContainEqual(
      expect.objectContaining({ role: 'pluginHook', outcome: 'said', text: `Formatted ${file('a.ts')}` }),
    );
    expect(await call(host, log, 'write', { path: 'b.ts', content: 'NOCOMMIT' })).toContain(
      'b.ts still says NOCOMMIT.',
    );
    await call(host, log, 'read', { path: 'none.ts' });
    expect(seen('PostToolUse')[0]).toMatchObject({ tool_name: 'Write', tool_input: { file_path: file('a.ts') } });
    expect(seen('PostToolUseFailure')).toMatchObject([
      { tool_name: 'Read', error: expect.stringContaining('none.ts') },
    ]);
    expect(seen('PostToolBatch').map((each) => each['tool_calls'])).toMatchObject([
      [{ tool_name: 'Write', tool_input: { file_path: file('a.ts') }, tool_response: { success: true } }],
      [{ tool_name: 'Write' }],
      [{ tool_name: 'Read' }],
    ]);
  });

  it('keep the agent at work, once', async () => {
    const { host, log } = await opened();
    model.next(
      (said) => said.text('I ran no tests.'),
      (said) => said.text('Now I ran no tests again.'),
    );
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(model.requests).toHaveLength(2);
    expect(asked()).toContain('A hook of the plugin session-context says: Run the tests first.');
    expect(seen('Stop').map((each) => each['stop_hook_active'])).toEqual([false, true]);
  });

  it('hear of a model that fails, and of compactions', async () => {
    const { host, log } = await opened();
    model.next((said) => said.fail(400, 'Broken.'));
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(seen('StopFailure')).toMatchObject([
      { error: 'invalid_request', error_details: expect.stringContaining('Broken.') },
    ]);
    model.otherwise((said) => said.text('It was about pizza.'));
    await host.receive([anInput('One'), anInput('Two'), anInput('/compact')]);
    await log.until(() => log.of('compaction.finished').length === 1);
    expect(seen('PreCompact')).toMatchObject([{ trigger: 'manual' }]);
    expect(seen('PostCompact')).toMatchObject([{ compact_summary: expect.stringContaining('It was about pizza.') }]);
    await host.receive([anInput('Three')]);
    await log.untilIdle();
    await log.until(() => seen('SessionStart').length === 2);
    expect(seen('SessionStart').map(({ source }) => source)).toEqual(['startup', 'compact']);
  });

  it('expand commands, with shell that the command allows and files', async () => {
    writeFileSync(file('CONTRIBUTING.md'), 'Imperative mood.');
    const { host, log } = await opened();
    model.next((said) => said.text('Committed.'));
    await host.receive([anInput('/commit-commands:commit the oven')]);
    await log.untilIdle();
    expect(asked()).toContain('Commit what changed, about: the oven');
    expect(asked()).toContain('(`git status --short` gave nothing: it failed with 128');
    expect(asked()).toContain("(`git push` gave nothing: the command's allowed-tools do not name it)");
    expect(asked()).toContain('Content of CONTRIBUTING.md:\\n\\nImperative mood.');
    expect(asked()).toContain('Commits here are conventional.');
    expect(seen('UserPromptExpansion')).toMatchObject([
      { command_name: 'commit-commands:commit', command_args: 'the oven', command_source: 'plugin' },
    ]);
  });

  it('go with subagents: their calls are looked at, their beginning and end are told', async () => {
    const { host, log } = await opened();
    model.next(
      (said) => said.toolCall('subagent', { agent: 'code-review:reviewer', task: 'Review a.ts.' }),
      (said) => said.toolCall('bash', { command: 'rm -rf /' }),
      (said) => said.toolCall('read', { path: 'none.ts' }),
      (said) => said.text('Reviewed.'),
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('/code-review:review a.ts')]);
    await log.untilIdle();
    expect(asked(0)).toContain('Review a.ts with the subagent code-review:reviewer.');
    const ofSubagent = model.requests.filter(isFromSubagent).map((request) => JSON.stringify(request.messages));
    expect(ofSubagent[0]).toContain('Be brief.');
    expect(ofSubagent[1]).toContain('It would delete more than it should.');
    expect(seen('SubagentStart')).toMatchObject([{ agent_type: 'code-review:reviewer' }]);
    const [{ agent_id: agentId } = { agent_id: null }] = seen('SubagentStart');
    // A call that did not run has no end.
    expect(seen('PostToolUseFailure')).toMatchObject([{ tool_name: 'Read', agent_id: agentId }]);
    expect(seen('SubagentStop')).toMatchObject([{ last_assistant_message: 'Reviewed.' }]);
    expect(seen('PreToolUse')).toMatchObject([{ agent_type: 'code-review:reviewer', agent_id: agentId }]);
  });
});
