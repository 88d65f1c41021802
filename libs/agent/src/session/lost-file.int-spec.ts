import { readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { gate, startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionFileLostError } from '../session-file/session-lock.js';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';
import type { AgentHost } from './agent-host.js';

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

/** As another process does. @returns what the file says from then on, if nobody writes to it */
function takeFile({ path }: AgentHost): string {
  writeFileSync(`${path}.lock`, JSON.stringify({ pid: process.ppid, startedAt: 'later' }));
  return readFileSync(path, 'utf8');
}

/** Closes it as its worker does. Resolves when it is closed. */
function closedWhenLost(host: AgentHost): Promise<void> {
  return new Promise((resolve, reject) => host.onFileLost(() => void host.close('shutdown').then(resolve, reject)));
}

describe('a session whose file another process has taken', () => {
  it('takes nothing more, and writes nothing there', async () => {
    const { host } = await fixture.started();
    const before = takeFile(host);
    await expect(host.receive([anInput('Hello')])).rejects.toThrow(SessionFileLostError);
    expect(await readFile(host.path, 'utf8')).toBe(before);
  });

  it('breaks off its turn: it writes nothing more there, runs no tool, and closes', async () => {
    const { host, log } = await fixture.started();
    const closed = closedWhenLost(host);
    const half = gate();
    model.next(async (answer) => {
      await answer.text('Half');
      await half.opened;
      await answer.toolCall('bash', { command: 'touch ran.txt' });
    });
    await host.receive([anInput('go')]);
    await log.until(({ text }) => text === 'Half');
    const before = takeFile(host);
    half.open();
    await closed;
    expect(log.all.at(-1)).toMatchObject({ type: 'session.closed', data: { reason: 'shutdown' } });
    expect(await readFile(host.path, 'utf8')).toBe(before);
    expect(await readdir(fixture.cwd)).toEqual([]);
    expect(model.requests).toHaveLength(1);
    // Nor does the relay get what the file lacks.
    expect(log.of('entry.appended').map(({ kind }) => kind)).toEqual(['user']);
    expect(host.entriesAfter(null).map(({ kind }) => kind)).toEqual(['user']);
  });

  it('does not call the model again, as after a wait between retries', async () => {
    const { host, log } = await fixture.started();
    const closed = closedWhenLost(host);
    model.otherwise((answer) => answer.fail(500));
    await host.receive([anInput('go')]);
    await log.until((all) => all.of('retry.started').length === 1);
    takeFile(host);
    await closed;
    expect(model.requests).toHaveLength(1);
  });

  it('closes though it asks people something and cannot write down how that ended', async () => {
    const approvals = [{ source: 'the settings', settings: { rules: [{ tool: '*', action: 'ask' as const }] } }];
    const { host, log } = await fixture.started({ approvals });
    const closed = closedWhenLost(host);
    model.next((answer) => answer.toolCall('bash', { command: 'touch ran.txt' }));
    await host.receive([anInput('go')]);
    await log.until((all) => all.of('approval.requested').length === 1);
    const before = takeFile(host);
    await host.abort();
    await closed;
    expect(await readFile(host.path, 'utf8')).toBe(before);
    expect(await readdir(fixture.cwd)).toEqual([]);
  });
});
