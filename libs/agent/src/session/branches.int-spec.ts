import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gate, type ScriptedModel, startScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryIdsOf, heard, say } from '../../testing/conversation.js';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';

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

describe('a session’s branches', () => {
  it('go on from before a message, and each is come back to', async () => {
    const { host, log } = await fixture.started();
    await say(model, { host, log }, 'First', 'One.');
    await say(model, { host, log }, 'Second', 'Two.');
    const [first, one, second, two] = entryIdsOf(log);
    expect(log.of('entry.appended').map(({ parentId }) => parentId)).toEqual([null, first, one, second]);

    await host.branch(second ?? '', 'before');
    expect(log.of('branch.changed')).toEqual([{ leafId: one }]);
    await say(model, { host, log }, 'Instead', 'Three.');
    expect(heard(model.requests[2])).toMatch(/First.*One\..*Instead/);
    expect(heard(model.requests[2])).not.toMatch(/Second|Two/);
    expect(log.of('entry.appended')[4]).toMatchObject({ kind: 'user', parentId: one });

    await host.branch(second ?? '', 'end');
    expect(log.of('branch.changed').at(-1)).toEqual({ leafId: two });
    await say(model, { host, log }, 'Third', 'Four.');
    expect(heard(model.requests[3])).toMatch(/First.*One\..*Second.*Two\..*Third/);
    expect(heard(model.requests[3])).not.toMatch(/Instead/);
  });

  it('are told to extensions, which keep things of their own for each', async () => {
    await mkdir(join(fixture.agentDir, 'extensions'), { recursive: true });
    const source = `export default (pi) => pi.on('session_tree', ({ oldLeafId, newLeafId }, { sessionManager }) => {
      const isThere = sessionManager.getLeafId() === newLeafId;
      pi.setSessionName([oldLeafId, isThere].join(' '));
    });`;
    await writeFile(join(fixture.agentDir, 'extensions', 'tree.js'), source);
    const { host, log } = await fixture.started();
    await say(model, { host, log }, 'First', 'One.');
    const [first, one] = entryIdsOf(log);
    await host.branch(first ?? '', 'before');
    await log.until(() => log.of('name.changed').some(({ name }) => name === `${one} true`));
  });

  it('are left only where extensions let them, which are asked as pi asks them', async () => {
    await mkdir(join(fixture.agentDir, 'extensions'), { recursive: true });
    const source = `export default (pi) => pi.on('session_before_tree', ({ preparation }) => {
      const { targetId, commonAncestorId, entriesToSummarize, userWantsSummary } = preparation;
      const left = entriesToSummarize.filter(({ type }) => type === 'message').length;
      pi.setSessionName(JSON.stringify([targetId, commonAncestorId, left, userWantsSummary]));
      return { cancel: left < 2 };
    });`;
    await writeFile(join(fixture.agentDir, 'extensions', 'keeper.js'), source);
    const { host, log } = await fixture.started();
    await say(model, { host, log }, 'First', 'One.');
    await say(model, { host, log }, 'Second', 'Two.');
    const [first, , second] = entryIdsOf(log);
    await expect(host.branch(second ?? '', 'before')).rejects.toMatchObject({ code: 'branch_refused' });
    expect(log.of('name.changed').at(-1)?.name).toBe(JSON.stringify([second, second, 1, false]));
    expect(log.of('branch.changed')).toEqual([]);
    await host.branch(first ?? '', 'before');
    expect(log.of('branch.changed')).toEqual([{ leafId: null }]);
  });

  it('begin anew before the first message', async () => {
    const { host, log } = await fixture.started();
    await say(model, { host, log }, 'First', 'One.');
    await host.branch(entryIdsOf(log)[0] ?? '', 'before');
    expect(log.of('branch.changed')).toEqual([{ leafId: null }]);
    await say(model, { host, log }, 'Anew', 'Two.');
    expect(heard(model.requests[1])).not.toMatch(/First/);
    expect(log.of('entry.appended')[2]).toMatchObject({ parentId: null });
  });

  it('are where they were left when a worker starts again', async () => {
    const { host, log } = await fixture.started();
    await say(model, { host, log }, 'First', 'One.');
    await say(model, { host, log }, 'Second', 'Two.');
    const [, one, second] = entryIdsOf(log);
    await host.branch(second ?? '', 'before');
    await host.close('shutdown');
    const again = await fixture.started({ isResume: true });
    expect(again.log.of('branch.changed')).toEqual([{ leafId: one }]);
    expect(again.host.entriesAfter(null).map(({ parentId }) => parentId)).toEqual([
      null,
      entryIdsOf(log)[0],
      one,
      second,
    ]);
    await say(model, again, 'Instead', 'Three.');
    expect(heard(model.requests[2])).not.toMatch(/Second/);
  });

  it('do not change while the agent works, nor to what is not there', async () => {
    const { host, log } = await fixture.started();
    await say(model, { host, log }, 'First', 'One.');
    await expect(host.branch('nothing', 'end')).rejects.toThrow('has no entry nothing');
    await expect(host.branch(entryIdsOf(log)[1] ?? '', 'before')).rejects.toThrow('is no message');
    const end = gate();
    model.next(async (answer) => {
      await end.opened;
      await answer.text('Two.');
    });
    await host.receive([anInput('Second')]);
    await expect(host.branch(entryIdsOf(log)[0] ?? '', 'before')).rejects.toThrow('is working');
    end.open();
    await log.until(({ text }) => text.endsWith('Two.'));
  });
});
