import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anInput, SessionFixture } from '../../../testing/session-fixture.js';
import { isFromSubagent, portsOf } from '../../../testing/subagent-fixture.js';
import { TimeLimit } from '../../subagents/run/time-limit.js';
import { readPlugins } from '../read-plugins.js';

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

/** A session with a plugin that has an agent look at commands, under a rule that has people asked about those that touch something. */
async function opened(timeout: number) {
  const folder = join(fixture.home, 'plugins');
  mkdirSync(join(folder, 'kit'), { recursive: true });
  const look = { type: 'agent', prompt: 'Was it tested?', if: 'Bash(release *)', timeout };
  const hooks = { PreToolUse: [{ matcher: 'Bash', hooks: [look] }] };
  writeFileSync(join(folder, 'kit', 'plugin.json'), JSON.stringify({ name: 'kit', hooks }));
  const rules = [{ tool: 'bash', pattern: 'touch *', action: 'ask' as const }];
  return fixture.started({
    plugins: await readPlugins({ roots: [folder], installedFile: join(folder, 'none.json') }),
    subagents: await portsOf(fixture),
    approvals: [{ source: 'config.json', settings: { rules } }],
  });
}

it('the time of an agent that looks for a hook stands still while a person is asked', async () => {
  const paused = vi.spyOn(TimeLimit.prototype, 'pauseFor');
  const { host, log } = await opened(60);
  model.next(
    (said) => said.toolCall('bash', { command: 'release it' }),
    (said) => said.toolCall('bash', { command: 'touch it' }),
    (said) => said.text('{"ok": false, "reason": "Nobody tested it."}'),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('go')]);
  await log.until(() => log.of('approval.requested').length === 1);
  // The subagent's, and the hook's.
  expect(paused).toHaveBeenCalledTimes(2);
  const [asked] = log.of('approval.requested');
  host.answerApproval(asked?.approvalId ?? '', { decision: 'allow' }, { userId: 'u', name: 'Ada' });
  await log.untilIdle();
  expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain('denies this call: Nobody tested it.');
  paused.mockRestore();
});

it('an agent whose time runs out is ended, and named', async () => {
  const { host, log } = await opened(1);
  model.next((said) => said.toolCall('bash', { command: 'release it' }));
  model.otherwise((said, request) => (isFromSubagent(request) ? said.hang() : said.text('Done.')));
  await host.receive([anInput('go')]);
  await log.untilIdle();
  const notices = JSON.stringify(log.of('entry.appended').filter(({ kind }) => kind === 'notice'));
  expect(notices).toContain('it did not end within 1 s and was ended');
});
