import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listModels } from '../models/list-models.js';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';
import { DEMO_FILE } from './demo-script.js';

let fixture: SessionFixture;
beforeEach(async () => void (fixture = await SessionFixture.create()));
afterEach(() => fixture[Symbol.asyncDispose]());

describe('the Demo model', () => {
  it('is the only one where no provider is set up, and not offered otherwise', async () => {
    const { agentDir } = fixture;
    expect(await listModels({ agentDir })).toEqual([
      { provider: 'demo', id: 'demo', name: 'Demo (no LLM)', contextWindow: 128_000, isDefault: true },
    ]);
    await using model = await startScriptedModel();
    await writeFile(join(agentDir, 'models.json'), JSON.stringify(model.modelsJson));
    await writeFile(
      join(agentDir, 'settings.json'),
      JSON.stringify({ defaultProvider: 'scripted', defaultModel: 'm2' }),
    );
    expect((await listModels({ agentDir })).map(({ id, isDefault }) => ({ id, isDefault }))).toEqual([
      { id: 'm1', isDefault: false },
      { id: 'm2', isDefault: true },
    ]);
  });

  it('does not stand in for a provider whose settings have a slip', async () => {
    const { agentDir } = fixture;
    await writeFile(join(agentDir, 'models.json'), '{ "providers": ');
    await expect(listModels({ agentDir })).rejects.toMatchObject({
      code: 'no_model_configured',
      message: expect.stringContaining(join(agentDir, 'models.json')),
    });
    await expect(fixture.started()).rejects.toMatchObject({ code: 'no_model_configured' });
  });

  it('thinks, streams, runs a command, writes, edits and sums up; a steer changes its next step', async () => {
    const startedMs = performance.now();
    const { host, log } = await fixture.started();
    await host.receive([anInput('Show me around')]);
    await log.until((all) => all.of('tool.output').length > 1);
    await host.receive([anInput("Mention the 'cat'", { deliverAs: 'steer' })]);
    await log.untilIdle();
    console.info(`the Demo model's turn took ${Math.round(performance.now() - startedMs)} ms`);

    expect(log.of('tool.started').map(({ toolName }) => toolName)).toEqual(['bash', 'write', 'write', 'edit']);
    expect(log.of('tool.finished').every(({ isError }) => !isError)).toBe(true);
    expect(log.of('tool.output').length).toBeGreaterThan(4);
    expect(log.of('message.delta').some(({ kind }) => kind === 'thinking')).toBe(true);
    const entries = log.of('entry.appended');
    expect(entries.map(({ kind }) => kind)).toEqual([
      'user',
      'assistant',
      'tool',
      'user',
      'assistant',
      'tool',
      'assistant',
      'tool',
      'assistant',
      'tool',
      'assistant',
    ]);
    expect(JSON.stringify(entries[9]?.content)).toContain('+Edited by');
    const summary = JSON.stringify(entries.at(-1)?.content);
    for (const words of ['no LLM', 'Show me around', "Mention the 'cat'"]) expect(summary).toContain(words);
    expect(await readFile(join(fixture.cwd, DEMO_FILE), 'utf8')).toContain('Status: finished');
    expect(log.of('usage.changed').at(-1)?.usage.contextTokens).toBeGreaterThan(0);
  });

  it('claims nothing that was refused', async () => {
    const rules = [
      { tool: 'bash', action: 'deny' as const },
      { tool: 'write', action: 'deny' as const },
    ];
    const { host, log } = await fixture.started({ approvals: [{ source: 'config.json', settings: { rules } }] });
    await host.receive([anInput('Show me around')]);
    await log.untilIdle();
    expect(log.of('tool.started').map(({ toolName }) => toolName)).toEqual(['bash', 'write']);
    expect(log.text).toContain('The command did not go through. Now this demo writes a small file');
    expect(log.text).toContain(`The command did not go through, \`${DEMO_FILE}\` was not written. Open a call`);
  });

  it('can be aborted in the middle, and begins anew with the next message', async () => {
    const { host, log } = await fixture.started();
    await host.receive([anInput('First')]);
    await log.until(({ text }) => text.includes('Demo'));
    await host.abort();
    expect(log.of('entry.appended').at(-1)).toMatchObject({ content: { stopReason: 'aborted' } });
    await host.receive([anInput('Second')]);
    await log.until((all) => all.of('tool.started').length === 1);
    expect(log.text).toContain('> Second');
    await host.abort();
  });
});
