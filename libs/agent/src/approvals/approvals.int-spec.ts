import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemCode, SettledApproval } from '@pizzapi/protocol';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { Value } from 'typebox/value';
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

const asking = policy({ rules: [{ tool: 'bash', pattern: 'touch *', action: 'ask' }] });

/** The model calls the tool, then says something. */
function calling(tool: string, args: object): void {
  model.next(
    (said) => said.toolCall(tool, args),
    (said) => said.text('Done.'),
  );
}

const touched = (): boolean => existsSync(join(fixture.cwd, 'touched'));

describe('a tool call that a rule is about', () => {
  it('runs when it is allowed, without a question', async () => {
    const { host, log } = await fixture.started({ approvals: policy({ rules: [{ tool: '*', action: 'allow' }] }) });
    calling('bash', { command: 'touch touched' });
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect([touched(), log.of('approval.requested')]).toEqual([true, []]);
  });

  it('does not run when it is denied, and the model is told by which rule', async () => {
    const { host, log } = await fixture.started({ approvals: policy({ rules: [{ tool: 'bash', action: 'deny' }] }) });
    calling('bash', { command: 'touch touched' });
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect([touched(), log.of('approval.requested')]).toEqual([false, []]);
    expect(resultIn(log)).toContain('The rule \\"bash\\" of config.json denies this call.');
  });

  it('goes by rules that change meanwhile, also when it is being asked about', async () => {
    const { host, log } = await fixture.started({ approvals: asking });
    calling('bash', { command: 'touch touched' });
    await host.receive([anInput('go')]);
    const { approvalId } = await asked(log);
    host.setApprovals(policy({ rules: [{ tool: 'bash', action: 'deny' }] }));
    host.answerApproval(approvalId, { decision: 'allow' }, ada);
    await log.untilIdle();
    expect(touched()).toBe(false);
    expect(resultIn(log)).toContain('The rule \\"bash\\" of config.json denies this call.');
  });

  it('waits for a person, who sees exactly what would run, and runs when they allow it', async () => {
    const { host, log } = await fixture.started({ approvals: asking });
    calling('bash', { command: 'touch touched' });
    await host.receive([anInput('go')]);
    const request = await asked(log);
    expect(request).toMatchObject({
      approvalId: expect.stringMatching(/^apr_/),
      subject: {
        kind: 'tool',
        toolName: 'bash',
        args: { command: 'touch touched' },
        rule: { tool: 'bash', pattern: 'touch *', source: 'config.json' },
      },
    });
    expect(Date.parse(request.deadline) - Date.parse(request.askedAt)).toBe(900_000);
    expect(log.of('activity.changed').at(-1)).toEqual({ activity: 'waiting' });
    expect(touched()).toBe(false);

    host.answerApproval(request.approvalId, { decision: 'allow', text: 'Only this once.' }, ada);
    await log.untilIdle();
    expect(touched()).toBe(true);
    expect(settledIn(log)).toEqual([
      {
        role: 'approval',
        ...request,
        outcome: 'allowed',
        answeredBy: ada,
        text: 'Only this once.',
        settledAt: expect.any(String),
      },
    ]);
    expect(resultIn(log)).toContain('Ada allowed this call. They wrote: Only this once.');
    expect(log.of('activity.changed').map(({ activity }) => activity)).toEqual([
      'idle',
      'working',
      'waiting',
      'working',
      'idle',
    ]);
  });

  it('does not run when they deny it, and the model reads why', async () => {
    const { host, log } = await fixture.started({ approvals: asking });
    calling('bash', { command: 'touch touched' });
    await host.receive([anInput('go')]);
    const { approvalId } = await asked(log);
    host.answerApproval(approvalId, { decision: 'deny', text: 'Use the other folder.' }, ada);
    await log.untilIdle();
    expect(touched()).toBe(false);
    expect(settledIn(log)).toMatchObject([{ outcome: 'denied', answeredBy: ada }]);
    expect(resultIn(log)).toContain('Ada denied this call; it did not run. They wrote: Use the other folder.');
  });

  it('does not run when nobody answers in time', async () => {
    const approvals = policy({ deadlineMs: 1_000, rules: [{ tool: 'bash', action: 'ask' }] });
    const { host, log } = await fixture.started({ approvals });
    calling('bash', { command: 'touch touched' });
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(touched()).toBe(false);
    expect(settledIn(log)).toMatchObject([{ outcome: 'expired' }]);
    expect(settledIn(log)[0]).not.toHaveProperty('answeredBy');
    expect(resultIn(log)).toContain('Nobody answered within 1 s, which means no.');
  });

  it('is asked about in each of its forms until a person allows all that the rule asks about', async () => {
    const { host, log } = await fixture.started({ approvals: asking });
    for (const name of ['touched', 'second', 'third'])
      model.next((said) => said.toolCall('bash', { command: `touch ${name}` }));
    model.next((said) => said.text('Done.'));
    await host.receive([anInput('go')]);
    host.answerApproval((await asked(log)).approvalId, { decision: 'allow', scope: 'once' }, ada);
    host.answerApproval((await asked(log, 2)).approvalId, { decision: 'allow', scope: 'session' }, ada);
    await log.untilIdle();
    expect(existsSync(join(fixture.cwd, 'third'))).toBe(true);
    expect(settledIn(log).map(({ scope }) => scope)).toEqual(['once', 'session']);
  });
});

describe('an answer', () => {
  it('counts once: the same again does nothing, another one is told by whom it was answered', async () => {
    const { host, log } = await fixture.started({ approvals: asking });
    calling('bash', { command: 'touch touched' });
    await host.receive([anInput('go')]);
    const { approvalId } = await asked(log);
    host.answerApproval(approvalId, { decision: 'deny' }, ada);
    host.answerApproval(approvalId, { decision: 'deny' }, ada);
    const late = () => host.answerApproval(approvalId, { decision: 'allow' }, grace);
    expect(late).toThrow(expect.objectContaining({ code: ProblemCode.approvalAnswered }));
    expect(late).toThrow(/^Ada has answered this already: denied, at 2/);
    await log.untilIdle();
    expect([touched(), settledIn(log).length]).toEqual([false, 1]);
  });

  it('to a question that never was is refused', async () => {
    const { host } = await fixture.started();
    expect(() => host.answerApproval('apr_x', { decision: 'allow' }, ada)).toThrow(
      expect.objectContaining({ code: ProblemCode.notFound }),
    );
  });
});

describe('a question that nobody can answer any more', () => {
  it('is closed when the turn is broken off', async () => {
    const { host, log } = await fixture.started({ approvals: asking });
    calling('bash', { command: 'touch touched' });
    await host.receive([anInput('go')]);
    const { approvalId } = await asked(log);
    await host.abort();
    expect(settledIn(log)).toMatchObject([{ outcome: 'closed', reason: 'The turn was broken off.' }]);
    expect(() => host.answerApproval(approvalId, { decision: 'allow' }, ada)).toThrow(/The turn was broken off/);
    expect([touched(), log.of('activity.changed').at(-1)]).toEqual([false, { activity: 'idle' }]);
    expect(model.requests).toHaveLength(1);
  });

  it('is closed when its worker is shut down, and the turn does not go on with the refusal', async () => {
    const { host, log } = await fixture.started({ approvals: asking });
    calling('bash', { command: 'touch touched' });
    await host.receive([anInput('go')]);
    await asked(log);
    await host.close('shutdown');
    expect(settledIn(log)).toMatchObject([{ outcome: 'closed', reason: "The session's worker was shut down." }]);
    expect(log.all.at(-1)).toMatchObject({ type: 'session.closed' });
    expect([touched(), model.requests.length]).toEqual([false, 1]);
  });

  it('is closed by the next worker when its own was killed', async () => {
    const first = await fixture.started({ approvals: asking });
    calling('bash', { command: 'touch touched' });
    await first.host.receive([anInput('go')]);
    const { approvalId } = await asked(first.log);
    // What a kill leaves behind: the file as it is now.
    await using left = await SessionFixture.create(model.modelsJson);
    const { path } = first.host;
    const copied = await left.adopt(path, await readFile(path, 'utf8'));
    const { host, log } = await left.open({
      sessionId: fixture.sessionId,
      cwd: fixture.cwd,
      isResume: true,
      sessionsDir: copied,
    });
    const closed = host
      .entriesAfter(null)
      .map(({ content }) => content)
      .filter((content) => Value.Check(SettledApproval, content));
    expect(closed).toMatchObject([
      { approvalId, outcome: 'closed', reason: "The session's worker ended before anybody answered." },
    ]);
    expect(log.of('approval.requested')).toEqual([]);
  });
});

describe('ask_user', () => {
  const question = { question: 'Which one?', options: [{ label: 'Red', description: 'as now' }, { label: 'Blue' }] };

  it('asks the person and hands the answer to the model', async () => {
    const { host, log } = await fixture.started();
    calling('ask_user', question);
    await host.receive([anInput('go')]);
    const { approvalId, subject } = await asked(log);
    expect(subject).toEqual({ kind: 'question', ...question });
    expect(() => host.answerApproval(approvalId, { decision: 'allow', text: ' ' }, ada)).toThrow(
      expect.objectContaining({ code: ProblemCode.invalidRequest }),
    );
    host.answerApproval(approvalId, { decision: 'allow', text: 'Blue' }, ada);
    await log.untilIdle();
    expect(resultIn(log)).toContain('Ada answered: Blue');
    expect(settledIn(log)).toMatchObject([{ outcome: 'allowed', answeredBy: ada, text: 'Blue' }]);
  });

  it.each([
    [{ decision: 'deny' as const }, 'Ada chose not to answer.'],
    [{ decision: 'deny' as const, text: 'Later.' }, 'Ada chose not to answer. They wrote: Later.'],
  ])('says when there is no answer: %j', async (answer, text) => {
    const { host, log } = await fixture.started();
    calling('ask_user', { question: 'Which one?' });
    await host.receive([anInput('go')]);
    host.answerApproval((await asked(log)).approvalId, answer, ada);
    await log.untilIdle();
    expect(resultIn(log)).toContain(text);
  });

  it('has a plan approved in the same way', async () => {
    const { host, log } = await fixture.started({ approvals: policy({ rules: [{ tool: '*', action: 'ask' }] }) });
    calling('propose_plan', { plan: '1. Measure' });
    await host.receive([anInput('go')]);
    const { approvalId, subject } = await asked(log);
    const options = [{ label: 'Approve' }, { label: 'Change it' }];
    expect(subject).toEqual({ kind: 'question', question: '1. Measure', options, isPlan: true });
    host.answerApproval(approvalId, { decision: 'allow', text: 'Approve' }, ada);
    await log.untilIdle();
    expect(resultIn(log)).toContain('Ada answered: Approve');
  });

  it('is not asked about itself, but may be denied', async () => {
    const { host, log } = await fixture.started({ approvals: policy({ rules: [{ tool: '*', action: 'ask' }] }) });
    calling('ask_user', { question: 'Which one?' });
    await host.receive([anInput('go')]);
    expect((await asked(log)).subject.kind).toBe('question');
  });
});
