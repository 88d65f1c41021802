import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { ProblemCode } from '@pizzapi/protocol';
import { gate, type ScriptedModel, startScriptedModel, wordsUntil } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryIdsOf, heard, say } from '../../testing/conversation.js';
import { anInput, type EventLog, SessionFixture } from '../../testing/session-fixture.js';
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

const told = (host: AgentHost): string => JSON.stringify(host.entriesAfter(null).map(({ content }) => content));

describe('a fork of a session', () => {
  it('goes on from an entry, and leaves the session as it is', async () => {
    const { host, log } = await fixture.started({ name: 'The first' });
    await say(model, { host, log }, 'First', 'One.');
    await say(model, { host, log }, 'Second', 'Two.');
    const [first, one] = entryIdsOf(log);
    const before = await readFile(host.path, 'utf8');

    const sessionId = randomUUID();
    const forkOf = { sessionId: fixture.sessionId, entryId: one ?? '' };
    const fork = await fixture.started({ sessionId, forkOf, name: 'The fork' });
    const taken = fork.host.entriesAfter(null);
    expect(taken.map(({ entryId, parentId, isRecovered }) => [entryId, parentId, isRecovered])).toEqual([
      [first, null, true],
      [one, first, true],
    ]);
    expect(fork.log.of('name.changed')).toEqual([{ name: 'The fork' }]);
    expect(fork.log.of('queue.changed')[0]?.inputs).toEqual([]);
    await say(model, fork, 'Instead', 'Three.');
    expect(heard(model.requests[2])).toMatch(/First.*One\..*Instead/);
    expect(heard(model.requests[2])).not.toMatch(/Second|Two/);
    expect(await readFile(host.path, 'utf8')).toBe(before);

    // What the first one has used is not counted again.
    const used = (one: EventLog) => one.of('usage.changed').at(-1)?.usage;
    expect(fork.log.of('usage.changed')[0]?.usage).toMatchObject({ input: 0, output: 0, costUsd: 0 });
    expect(used(fork.log)?.output).toBeGreaterThan(0);
    expect(used(fork.log)?.output).toBeLessThan(used(log)?.output ?? 0);

    // Opened again, it is what it was.
    const whole = told(fork.host);
    await fork.host.close('shutdown');
    const again = await fixture.open({ sessionId, forkOf: { ...forkOf, entryId: first ?? '' }, isResume: true });
    expect(told(again.host)).toBe(whole);
  });

  it('takes over nothing that waits in the session, and what runs there as cut off', async () => {
    const end = gate();
    const { host, log } = await fixture.started();
    await say(model, { host, log }, 'First', 'One.');
    model.next(wordsUntil(end));
    model.otherwise((it) => it.text('Yes.'));
    await host.receive([anInput('Second'), anInput('Later', { deliverAs: 'followUp' })]);
    await log.until(() => log.of('message.delta').length > 3);
    const second = entryIdsOf(log)[2];

    const forkOf = { sessionId: fixture.sessionId, entryId: second ?? '' };
    const fork = await fixture.started({ sessionId: randomUUID(), forkOf });
    expect(told(fork.host)).toMatch(/First.*One\..*Second/);
    expect(told(fork.host)).not.toContain('Later');
    expect(fork.log.of('queue.changed')[0]?.inputs).toEqual([]);
    expect(fork.log.of('turn.interrupted')).toHaveLength(1);
    end.open();
    await log.untilIdle();
  });

  it('is refused by name without the file or the entry, and leaves nothing behind', async () => {
    const { host, log } = await fixture.started();
    await say(model, { host, log }, 'First', 'One.');
    const sessionId = randomUUID();
    const [gone, other] = [
      { sessionId: randomUUID(), entryId: 'a' },
      { sessionId: fixture.sessionId, entryId: 'zz' },
    ];
    await expect(fixture.open({ sessionId, forkOf: gone })).rejects.toMatchObject({
      code: ProblemCode.sessionFileMissing,
    });
    await expect(fixture.open({ sessionId, forkOf: other })).rejects.toMatchObject({ code: ProblemCode.entryUnknown });
    const [first, one] = entryIdsOf(log);
    const content = await readFile(host.path, 'utf8');
    await writeFile(host.path, content.replace(new RegExp(`^.*"id":"${first}".*$`, 'm'), 'damaged'));
    const damaged = { sessionId: fixture.sessionId, entryId: one ?? '' };
    await expect(fixture.open({ sessionId, forkOf: damaged })).rejects.toMatchObject({
      code: ProblemCode.sessionFileCorrupt,
    });
    await expect(fixture.open({ sessionId, isResume: true })).rejects.toMatchObject({
      code: ProblemCode.sessionFileMissing,
    });
  });
});
