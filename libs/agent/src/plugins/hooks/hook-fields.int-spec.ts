import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOOK_EVENTS, HOOK_FIELDS, isHookEvent } from '@pizzapi/plugins';
import { type ScriptedModel, startScriptedModel, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anInput, type EventLog, SessionFixture } from '../../../testing/session-fixture.js';
import { askingServer } from '../../../testing/asking-server.js';
import { pluginWith } from '../../../testing/plugin-fixture.js';
import { portsOf, writeAgent } from '../../../testing/subagent-fixture.js';
import type { AgentHost } from '../../session/agent-host.js';

type Told = Record<string, unknown>;

const EVENTS = Object.keys(HOOK_EVENTS).filter(isHookEvent);
const ADA = { userId: 'u', name: 'Ada' };
let model: ScriptedModel;
let fixture: SessionFixture;
/** What hooks were told, in order. */
let told: Told[];
let efforts: string[];

const at = (event: string): Told[] => told.filter((each) => each['hook_event_name'] === event);

/** A session in which everything happens that hooks can hear of. */
beforeAll(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
  const settings = { retry: { maxRetries: 0 }, compaction: { keepRecentTokens: 1 }, defaultThinkingLevel: 'high' };
  writeFileSync(join(fixture.agentDir, 'settings.json'), JSON.stringify(settings));
  const log = 'cat >> "$CLAUDE_PROJECT_DIR"/events.log; echo "$CLAUDE_EFFORT" >> "$CLAUDE_PROJECT_DIR"/efforts.log';
  const hooks = Object.fromEntries(EVENTS.map((event) => [event, [{ hooks: [{ type: 'command', command: log }] }]]));
  await writeAgent(join(fixture.home, 'agents'), 'taster');
  const options = {
    plugins: await pluginWith(fixture, hooks, { 'commands/go.md': 'Go by the book.' }),
    subagents: await portsOf(fixture),
    mcp: askingServer(),
    approvals: [
      { source: 'config.json', settings: { rules: [{ tool: 'bash', pattern: 'ask*', action: 'ask' as const }] } },
    ],
  };
  const first = await fixture.started(options);
  await happen(first);
  await first.host.close('shutdown');
  const second = await fixture.started({ ...options, isResume: true });
  model.next((said) => said.text('Again.'));
  await second.host.receive([anInput('again')]);
  await second.log.untilIdle();
  await second.host.close('stopped');
  told = read('events.log').map((line) => JSON.parse(line) as Told);
  efforts = read('efforts.log');
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

function read(name: string): string[] {
  return readFileSync(join(fixture.cwd, name), 'utf8').trimEnd().split('\n');
}

async function happen({ host, log }: { host: AgentHost; log: EventLog }): Promise<void> {
  await log.until(() => JSON.stringify(log.of('commands.changed').at(-1)?.mcpServers ?? []).includes('"connected"'));
  const answer = async (n: number, text?: string): Promise<void> => {
    await log.until(() => log.of('approval.requested').length === n);
    const id = log.of('approval.requested').at(-1)?.approvalId ?? '';
    host.answerApproval(id, { decision: 'allow', ...(text !== undefined && { text }) }, ADA);
  };
  model.next(
    (said) => said.toolCall('bash', { command: 'ask; true' }),
    (said) => said.toolCall('mcp__oven__bake', {}),
    (said) => said.toolCall('bash', { command: 'exit 3' }),
    (said) => said.toolCall('subagent', { agent: 'taster', task: 'Taste it.' }),
    (said) => said.toolCall('read', { path: 'events.log' }, 'call_of_taster'),
    (said) => said.text('It is crisp.'),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('/kit:go now')]);
  await answer(1);
  await answer(2, '220');
  await answer(3, 'I have opened it');
  await log.untilIdle();
  host.setName('The oven');
  model.next((said) => said.fail(400, 'Broken.'));
  await host.receive([anInput('Two')]);
  await log.until(() => log.of('entry.appended').some(({ content }) => JSON.stringify(content).includes('Broken.')));
  await log.untilIdle();
  model.otherwise((said) => said.text('A summary.'));
  await host.receive([anInput('Three'), anInput('/compact')]);
  await log.until(() => log.of('compaction.finished').length === 1);
  await host.setModel({ provider: 'scripted', id: 'm2' });
  await host.setModel({ provider: 'scripted', id: 'm1' });
  const switches = (): number => read('events.log').filter((line) => line.includes('"PostModelSwitch"')).length;
  await waitFor(() => switches() === 2, { description: 'the hooks for both switches' });
  await host.receive([anInput('Four')]);
  await log.until(() => JSON.stringify(log.of('entry.appended').at(-2)?.content ?? '').includes('Four'));
  await log.untilIdle();
}

describe('what hooks are told is what the page says:', () => {
  it.each(EVENTS)('%s', (event) => {
    const rows = Object.entries(HOOK_FIELDS).filter(([, row]) => row.at === null || row.at.includes(event));
    const known = new Set(rows.map(([field]) => field));
    const always = rows.filter(([, { isOptional = false }]) => !isOptional).map(([field]) => field);
    expect(at(event).length).toBeGreaterThan(0);
    for (const each of at(event)) {
      expect(Object.keys(each).filter((field) => !known.has(field))).toEqual([]);
      expect(always.filter((field) => !(field in each))).toEqual([]);
    }
  });

  it('each field comes that may be there', () => {
    const seen = (field: string, events: readonly string[] | null): boolean =>
      told.some((each) => field in each && (events === null || events.includes(String(each['hook_event_name']))));
    const missing = Object.entries(HOOK_FIELDS).filter(([field, row]) => !seen(field, row.at));
    expect(missing.map(([field]) => field)).toEqual([]);
  });
});

describe('a hook is told', () => {
  it('which message is worked on: one id from it to the next, none before the first', () => {
    const [begun] = at('SessionStart');
    expect(begun).not.toHaveProperty('prompt_id');
    const prompts = at('UserPromptSubmit').map((each) => each['prompt_id']);
    expect(new Set(prompts).size).toBe(prompts.length);
    expect(prompts.length).toBeGreaterThanOrEqual(4);
    for (const id of prompts) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const ofFirst = told.filter((each) => each['prompt_id'] === prompts[0]).map((each) => each['hook_event_name']);
    expect(ofFirst).toEqual(
      expect.arrayContaining(['UserPromptExpansion', 'PreToolUse', 'Notification', 'SubagentStop', 'Stop']),
    );
    expect(at('StopFailure')[0]?.['prompt_id']).toBe(prompts[1]);
  });

  it('how hard the model thinks, on its input and in its environment; of subagents nobody knows', () => {
    for (const event of ['PreToolUse', 'PermissionRequest', 'PostToolUse', 'PostToolBatch', 'Stop'])
      for (const each of at(event))
        expect(each['effort']).toEqual(each['agent_id'] === undefined ? { level: 'high' } : undefined);
    expect(at('UserPromptSubmit')[0]).not.toHaveProperty('effort');
    const withEffort = told.filter((each) => 'effort' in each).length;
    expect(efforts.filter((level) => level === 'high')).toHaveLength(withEffort);
  });

  it('how long a call ran, and by which id it goes, also that of a subagent', () => {
    for (const event of ['PostToolUse', 'PostToolUseFailure'])
      for (const each of at(event)) expect(each['duration_ms']).toBeTypeOf('number');
    const ofTaster = told.filter((each) => each['tool_use_id'] === 'call_of_taster');
    expect(ofTaster.map((each) => [each['hook_event_name'], each['agent_type']])).toEqual([
      ['PreToolUse', 'taster'],
      ['PostToolUse', 'taster'],
    ]);
  });

  it('of the session that begins or goes on: its model, its name, and what was before', () => {
    const [begun, ...others] = at('SessionStart');
    expect(begun).toMatchObject({ source: 'startup', model: 'm1' });
    for (const field of ['session_title', 'seconds_since_last_response', 'context_tokens'])
      expect(begun).not.toHaveProperty(field);
    expect(others.at(-1)).toMatchObject({ source: 'resume', model: 'm1', session_title: 'The oven' });
    expect(others.at(-1)?.['seconds_since_last_response']).toBeTypeOf('number');
    expect(at('UserPromptSubmit').at(-1)).toMatchObject({ prompt: 'again', session_title: 'The oven' });
  });

  it('which model was chosen, and why one did not answer', () => {
    const switches = at('PostModelSwitch').map((each) => [each['from_model'], each['to_model'], each['source']]);
    expect(new Set(switches.map(String))).toEqual(new Set(['m1,m2,picker', 'm2,m1,picker']));
    expect(at('StopFailure')).toMatchObject([
      { error: 'invalid_request', error_details: expect.stringContaining('Broken.') },
    ]);
  });

  it('whose tool is called, what its server asks, and what it is answered', () => {
    const server = { name: 'oven', source: 'user' };
    for (const event of ['PreToolUse', 'PostToolUse'])
      expect(at(event).find((each) => each['tool_name'] === 'mcp__oven__bake')).toMatchObject({ mcp_server: server });
    expect(at('Elicitation')).toMatchObject([
      { mcp_server_name: 'oven', mode: 'form', message: 'How hot?' },
      { mcp_server_name: 'oven', mode: 'url', message: 'Pay.', url: 'https://pay.example.com/' },
    ]);
    expect(at('ElicitationResult')).toMatchObject([
      { mode: 'form', action: 'accept', content: { degrees: '220' } },
      { mode: 'url', action: 'accept' },
    ]);
  });

  it('nothing in the place of instructions for a compaction that nobody gave', () =>
    expect(at('PreCompact')).toMatchObject([{ trigger: 'manual', custom_instructions: null }]));
});
