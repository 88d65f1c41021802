import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemCode } from '@pizzapi/protocol';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';
import { ada, asked, grace, policy, resultIn, settledIn } from '../../testing/approvals-fixture.js';

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

/** The model calls the tool, then says something. */
function calling(tool: string, args: object): void {
  model.next(
    (said) => said.toolCall(tool, args),
    (said) => said.text('Done.'),
  );
}

describe('a question of the agent whose worker is gone', () => {
  const question = { question: 'Which one?', options: [] };

  /** What a kill of the first worker leaves behind, opened by the next one. */
  async function reopened(first: { host: { path: string } }, left: SessionFixture) {
    const { path } = first.host;
    const copied = await left.adopt(path, await readFile(path, 'utf8'));
    const { sessionId, cwd } = fixture;
    return left.started({ sessionId, cwd, isResume: true, sessionsDir: copied });
  }

  it('goes on waiting, and the turn goes on with the answer', async () => {
    const first = await fixture.started();
    model.next((said) => said.toolCall('ask_user', question, 'call_ask'));
    await first.host.receive([anInput('go')]);
    const { approvalId } = await asked(first.log);
    await using left = await SessionFixture.create(model.modelsJson);
    const { host, log } = await reopened(first, left);
    expect(await asked(log)).toMatchObject({ approvalId, toolCallId: 'call_ask' });
    expect([host.isAtRest, log.of('turn.interrupted'), settledIn(log)]).toEqual([false, [], []]);
    expect(log.of('activity.changed').at(-1)).toEqual({ activity: 'waiting' });
    model.next((said) => said.text('Blue it is.'));
    host.answerApproval(approvalId, { decision: 'allow', text: 'Blue' }, ada);
    host.answerApproval(approvalId, { decision: 'allow', text: 'Blue' }, ada);
    await log.untilIdle();
    expect(settledIn(log)).toMatchObject([{ approvalId, outcome: 'allowed', text: 'Blue' }]);
    expect(resultIn(log)).toContain('Ada answered: Blue');
    expect(log.text).toBe('Blue it is.');
    expect(() => host.answerApproval(approvalId, { decision: 'deny' }, grace)).toThrow(/^Ada has answered this/);
  });

  it('keeps its answer where another call of the same message had not ended', async () => {
    const first = await fixture.started();
    model.next(async (said) => {
      await said.toolCall('ask_user', { question: 'Which colour?', options: [] });
      await said.toolCall('ask_user', { question: 'Which size?', options: [] });
    });
    await first.host.receive([anInput('go')]);
    const { approvalId, toolCallId } = await asked(first.log, 2);
    first.host.answerApproval(approvalId, { decision: 'allow', text: 'Large' }, ada);
    await using left = await SessionFixture.create(model.modelsJson);
    const { host, log } = await reopened(first, left);
    const open = await asked(log);
    expect(open.approvalId).not.toBe(approvalId);
    model.next((said) => said.text('Thanks.'));
    host.answerApproval(open.approvalId, { decision: 'allow', text: 'Blue' }, ada);
    await log.until(({ text }) => text === 'Thanks.');
    const results = host.entriesAfter(null).filter(({ kind }) => kind === 'tool');
    expect(results).toMatchObject([
      { content: { toolCallId, content: [{ text: 'Ada answered: Large' }] } },
      { content: { toolCallId: open.toolCallId, content: [{ text: 'Ada answered: Blue' }] } },
    ]);
  });

  it('goes on waiting after a shutdown, too', async () => {
    const first = await fixture.started();
    model.next((said) => said.toolCall('ask_user', question));
    await first.host.receive([anInput('go')]);
    const { approvalId } = await asked(first.log);
    await first.host.close('shutdown');
    expect(settledIn(first.log)).toEqual([]);
    // Which is tried again with the next worker.
    expect(() => first.host.answerApproval(approvalId, { decision: 'deny' }, ada)).toThrow(
      expect.objectContaining({ code: ProblemCode.sessionDisconnected }),
    );
    const { host, log } = await fixture.started({ isResume: true });
    expect(await asked(log)).toMatchObject({ approvalId });
    model.next((said) => said.text('Without it, then.'));
    host.answerApproval(approvalId, { decision: 'deny' }, ada);
    await log.untilIdle();
    expect(resultIn(log)).toContain('Ada chose not to answer.');
  });

  it('ends by its deadline, also one that passed meanwhile', async () => {
    const approvals = policy({ deadlineMs: 1_000 });
    const first = await fixture.started({ approvals });
    model.next((said) => said.toolCall('ask_user', question));
    await first.host.receive([anInput('go')]);
    const { deadline } = await asked(first.log);
    await first.host.close('shutdown');
    await expect.poll(() => Date.now() > Date.parse(deadline)).toBe(true);
    model.next((said) => said.text('Nobody there.'));
    const { log } = await fixture.started({ isResume: true, approvals });
    await log.untilIdle();
    expect(settledIn(log)).toMatchObject([{ outcome: 'expired' }]);
    expect(resultIn(log)).toContain('Nobody answered within 1 s');
  });

  it('ends with its turn when that is broken off, and with its session', async () => {
    const first = await fixture.started();
    model.next((said) => said.toolCall('ask_user', question));
    await first.host.receive([anInput('go')]);
    await asked(first.log);
    await first.host.close('shutdown');
    const second = await fixture.started({ isResume: true });
    await asked(second.log);
    await second.host.abort();
    expect(settledIn(second.log)).toMatchObject([{ outcome: 'closed', reason: 'The turn was broken off.' }]);
    expect(second.log.of('activity.changed').at(-1)).toEqual({ activity: 'idle' });
    // By which its parent hears of it.
    expect(second.log.of('entry.appended').at(-1)).toMatchObject({ content: { stopReason: 'aborted' } });
    model.next((said) => said.text('On to the next.'));
    await second.host.receive([anInput('something else')]);
    await second.log.until((log) => log.text === 'On to the next.');
    expect(model.requests).toHaveLength(2);
  });
});

describe('a parent session', () => {
  const parent = { userId: 'usr_ada', name: 'Parent', sessionId: '0190a000-0000-7000-8000-000000000001' };

  it('answers what the agent asks, and is told from its owner', async () => {
    const { host, log } = await fixture.started();
    calling('ask_user', { question: 'Which one?' });
    await host.receive([anInput('go')]);
    const { approvalId } = await asked(log);
    host.answerApproval(approvalId, { decision: 'allow', text: 'Blue' }, parent);
    expect(() => host.answerApproval(approvalId, { decision: 'allow', text: 'Blue' }, ada)).toThrow(
      /^Parent has answered this already/,
    );
    await log.untilIdle();
    expect(settledIn(log)).toMatchObject([{ answeredBy: parent }]);
  });

  it('answers no rule, unless the user says so and no project forbids it', async () => {
    const rules = [{ tool: 'bash', action: 'ask' as const }];
    const may = { source: 'config.json', settings: { rules, parentsMayAnswer: true } };
    const mayNot = { source: '.pizzapi/config.json', settings: { parentsMayAnswer: false } };
    const project = { source: '.pizzapi/config.json', settings: { parentsMayAnswer: true } };
    for (const [approvals, isAllowed] of [
      [[may], true],
      [[may, mayNot], false],
      [[{ ...may, settings: { rules } }, project], false],
    ] as const) {
      await using own = await SessionFixture.create(model.modelsJson);
      const { host, log } = await own.started({ approvals });
      calling('bash', { command: 'touch touched' });
      await host.receive([anInput('go')]);
      const request = await asked(log);
      expect(request.mayParentAnswer ?? false).toBe(isAllowed);
      const answer = () => host.answerApproval(request.approvalId, { decision: 'allow' }, parent);
      if (!isAllowed) expect(answer).toThrow(expect.objectContaining({ code: ProblemCode.reservedForPeople }));
      if (isAllowed) answer();
      else host.answerApproval(request.approvalId, { decision: 'allow' }, ada);
      await log.untilIdle();
      expect(existsSync(join(own.cwd, 'touched'))).toBe(true);
    }
  });

  it('hands a question to people, who see why', async () => {
    const { host, log } = await fixture.started();
    calling('ask_user', { question: 'Which one?' });
    await host.receive([anInput('go')]);
    const { approvalId } = await asked(log);
    const by = { sessionId: parent.sessionId, name: 'Parent', reason: 'Not mine to say.' };
    host.handUpApproval(approvalId, by);
    host.handUpApproval(approvalId, by);
    expect(await asked(log, 2)).toMatchObject({ approvalId, handedUp: by });
    host.answerApproval(approvalId, { decision: 'allow', text: 'Blue' }, ada);
    await log.untilIdle();
    expect(() => host.handUpApproval(approvalId, by)).toThrow(/^Ada has answered this/);
    expect(settledIn(log)).toMatchObject([{ handedUp: by, answeredBy: ada }]);
  });
});
