import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ScriptedModel, startScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askingServer } from '../../../testing/asking-server.js';
import { commandAt, pluginWith } from '../../../testing/plugin-fixture.js';
import { anInput, type EventLog, SessionFixture } from '../../../testing/session-fixture.js';
import type { AgentHost } from '../../session/agent-host.js';
import type { OpenAgentSessionOptions } from '../../session/open-agent-session.js';

const ADA = { userId: 'u', name: 'Ada' };
const HOOKS = commandAt('Notification', 'cat >> "$CLAUDE_PROJECT_DIR"/told.log');
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

/** Of each notification its kind and what it says. */
function told(): string[][] {
  const file = join(fixture.cwd, 'told.log');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines
    .map((line) => JSON.parse(line) as Record<string, string>)
    .map((each) => [each['notification_type'] ?? '', each['title'] ?? '', each['message'] ?? '']);
}

async function opened(changes: Partial<OpenAgentSessionOptions> = {}) {
  return fixture.started({ plugins: await pluginWith(fixture, HOOKS), ...changes });
}

/** Allows the question that waits, once it is there. */
async function answer({ host, log }: { host: AgentHost; log: EventLog }, n: number, text?: string): Promise<void> {
  await log.until(() => log.of('approval.requested').length === n);
  const id = log.of('approval.requested').at(-1)?.approvalId ?? '';
  host.answerApproval(id, { decision: 'allow', ...(text !== undefined && { text }) }, ADA);
}

describe('hooks for notifications hear', () => {
  it('that a person is asked about a call', async () => {
    const rules = [{ tool: 'bash', action: 'ask' as const }];
    const session = await opened({ approvals: [{ source: 'config.json', settings: { rules } }] });
    model.next(
      (said) => said.toolCall('bash', { command: 'true' }),
      (said) => said.text('Done.'),
    );
    await session.host.receive([anInput('go')]);
    await answer(session, 1);
    await session.log.untilIdle();
    await expect
      .poll(told)
      .toEqual([['permission_prompt', 'Permission needed', 'The agent needs your permission to use Bash.']]);
  });

  it('that the agent asks something, or proposes a plan', async () => {
    const session = await opened();
    model.next(
      (said) => said.toolCall('ask_user', { question: 'Thin or thick?' }),
      (said) => said.toolCall('propose_plan', { plan: '1. Knead.' }),
      (said) => said.text('Done.'),
    );
    await session.host.receive([anInput('go')]);
    await answer(session, 1, 'Thin');
    await answer(session, 2, 'Approve');
    await session.log.untilIdle();
    await expect.poll(told).toHaveLength(2);
    expect(told()[0]).toEqual(['agent_needs_input', 'A question for you', 'The agent asks: Thin or thick?']);
    expect(told()[1]?.slice(0, 2)).toEqual(['agent_needs_input', 'A question for you']);
    expect(told()[1]?.[2]).toMatch(/^The agent proposes a plan: /);
  });

  it('that the agent has rested for a while, once, and not while it works', async () => {
    const { host, log } = await opened({ idleAfterMs: 50 });
    model.otherwise((said) => said.text('Done.'));
    await host.receive([anInput('go')]);
    await log.untilIdle();
    await expect.poll(told).toEqual([['idle_prompt', 'Waiting for you', 'The agent is waiting for your input.']]);
    await host.receive([anInput('go')]);
    await log.untilIdle();
    await expect.poll(told).toHaveLength(2);
  });

  it('of a matcher only what it names', async () => {
    const hooks = commandAt('Notification', 'cat >> "$CLAUDE_PROJECT_DIR"/told.log', {}, 'permission_prompt');
    const session = await fixture.started({ plugins: await pluginWith(fixture, hooks), idleAfterMs: 1 });
    model.next(
      (said) => said.toolCall('ask_user', { question: 'Thin or thick?' }),
      (said) => said.text('Done.'),
    );
    await session.host.receive([anInput('go')]);
    await answer(session, 1, 'Thin');
    await session.log.untilIdle();
    await session.host.close('stopped');
    expect(told()).toEqual([]);
  });

  it('what an MCP server asks, and that it has its answer', async () => {
    const session = await opened({ mcp: askingServer() });
    await session.log.until((log) =>
      JSON.stringify(log.of('commands.changed').at(-1)?.mcpServers ?? []).includes('"connected"'),
    );
    model.next(
      (said) => said.toolCall('mcp__oven__bake', {}),
      (said) => said.text('Done.'),
    );
    await session.host.receive([anInput('go')]);
    const asks = ['elicitation_dialog', 'A server asks', 'The MCP server oven asks: How hot?'];
    const asksToPay = ['elicitation_url_dialog', 'A server asks', 'The MCP server oven asks: Pay.'];
    const isAnswered = ['elicitation_response', 'A server has its answer', 'The MCP server oven has its answer.'];
    // Each is heard of while it waits for a person.
    await expect.poll(told).toEqual([asks]);
    await answer(session, 1, '220');
    await expect.poll(told).toContainEqual(asksToPay);
    await answer(session, 2, 'I have opened it');
    await session.log.untilIdle();
    await expect.poll(told).toHaveLength(4);
    // The first answer and the next question come within a moment, and their hooks run side by side.
    const [first, ...others] = told();
    expect([first, others.pop()]).toEqual([asks, isAnswered]);
    expect(others.toSorted()).toEqual([isAnswered, asksToPay].toSorted());
  });
});
