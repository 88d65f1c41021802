import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProjectTrustStore } from '@earendil-works/pi-coding-agent';
import { type ScriptedModel, startScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confinedSetup, results, secretOf } from '../../testing/sandbox-fixture.js';
import { isFromSubagent, portsOf, resultIn, writeAgent } from '../../testing/subagent-fixture.js';
import { isProjectTrusted } from './project-trust.js';
import { type EventLog, SessionFixture } from '../../testing/session-fixture.js';

let model: ScriptedModel;
let fixture: SessionFixture;
const secret = (): string => secretOf(fixture);

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
  mkdirSync(dirname(secret()), { recursive: true });
  writeFileSync(secret(), 'the-secret');
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

describe('instructions in a confined session', () => {
  const told = (): string => JSON.stringify(model.requests[0]?.messages);
  const unread = (log: EventLog): unknown[] =>
    log.of('error.raised').filter(({ code }) => code === 'instructions_unread');

  it('are read as its tools could read them: a link to a secret is not followed, and named', async () => {
    symlinkSync(secret(), join(fixture.cwd, 'AGENTS.md'));
    writeFileSync(join(fixture.home, 'CLAUDE.md'), 'Be kind to those above.');
    const { host, log } = await fixture.started({ sandbox: confinedSetup(fixture, 'unused') });
    await results(model, log, host, []);
    expect(told()).toContain('Be kind to those above.');
    expect(told()).not.toContain('the-secret');
    const detail = `The instructions in ${join(fixture.cwd, 'AGENTS.md')} are not used: it leads to ${secret()}, which the sandbox hides.`;
    expect(unread(log)).toEqual([{ code: 'instructions_unread', detail }]);
  });

  it('are followed where nothing is confined', async () => {
    symlinkSync(secret(), join(fixture.cwd, 'AGENTS.md'));
    const { host, log } = await fixture.started();
    await results(model, log, host, []);
    expect([told().includes('the-secret'), unread(log)]).toEqual([true, []]);
  });

  it('of a subagent’s folder are read by the session, in the same way', async () => {
    mkdirSync(join(fixture.cwd, 'part'));
    symlinkSync(secret(), join(fixture.cwd, 'part', 'AGENTS.md'));
    writeFileSync(join(fixture.cwd, 'CLAUDE.md'), 'Be kind to the whole.');
    await writeAgent(join(fixture.home, 'agents'), 'scout', { tools: 'read' });
    const { host, log } = await fixture.started({
      sandbox: confinedSetup(fixture, 'unused'),
      subagents: await portsOf(fixture),
    });
    model.otherwise((said) => said.text('Looked.'));
    await results(model, log, host, [['subagent', { agent: 'scout', task: 'Look.', cwd: 'part' }]]);
    const ofSubagent = JSON.stringify(model.requests.find(isFromSubagent));
    expect(ofSubagent.match(/Be kind to the whole/g)).toHaveLength(1);
    expect(JSON.stringify(model.requests)).not.toContain('the-secret');
    expect(resultIn(log).run.steps[0]?.notes).toEqual([expect.stringContaining('which the sandbox hides')]);
  });
});

describe('pi’s own settings of a folder', () => {
  const trusted = (folder: string): boolean =>
    isProjectTrusted(folder, fixture.agentDir, confinedSetup(fixture, 'unused').sandbox?.policy ?? null);
  const trust = (folder: string): void => new ProjectTrustStore(fixture.agentDir).set(folder, true);
  const settings = (...path: string[]): void => {
    mkdirSync(join(fixture.cwd, ...path, '.pi'), { recursive: true });
    writeFileSync(join(fixture.cwd, ...path, '.pi', 'settings.json'), '{}');
  };

  it('hold where somebody trusted it and no tool can write them', () => {
    settings();
    expect(trusted(fixture.cwd)).toBe(false);
    trust(fixture.cwd);
    expect(trusted(fixture.cwd)).toBe(true);
  });

  it('do not hold below, or where they were not when the session began: an agent may have made them', () => {
    trust(fixture.cwd);
    const { policy } = confinedSetup(fixture, 'unused').sandbox!;
    settings();
    settings('part');
    for (const folder of [fixture.cwd, join(fixture.cwd, 'part')]) {
      expect(isProjectTrusted(folder, fixture.agentDir, policy)).toBe(false);
      expect(isProjectTrusted(folder, fixture.agentDir, null)).toBe(true);
    }
  });
});
