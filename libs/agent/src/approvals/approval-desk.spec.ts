import { SessionManager } from '@earendil-works/pi-coding-agent';
import type { ApprovalSubject } from '@pizzapi/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { ApprovalDesk } from './approval-desk.js';
import { ApprovalMalformedError, ReservedForPeopleError } from './approval-error.js';

const own: ApprovalSubject = { kind: 'question', question: 'Which colour?', options: [] };
const ofSubagent: ApprovalSubject = { ...own, agent: 'scout' };
const ofServer: ApprovalSubject = { ...own, server: { name: 'met', message: 'Where are you?' } };
const ada = { userId: 'usr_ada', name: 'Ada' };

const desks: ApprovalDesk[] = [];
afterEach(() => {
  for (const desk of desks.splice(0)) desk.close('The test is over.');
});
function aDesk(file: SessionManager, openCalls?: ReadonlySet<string>): ApprovalDesk {
  const desk = new ApprovalDesk(file, { deadlineMs: 60_000, ...(openCalls && { openCalls }) });
  desks.push(desk);
  return desk;
}

describe('what is asked', () => {
  const file = SessionManager.inMemory();
  const parent = { ...ada, sessionId: '0198c0de-0000-7000-8000-000000000001' };
  const answer = { decision: 'allow', text: 'Here.' } as const;
  function asked(subject: ApprovalSubject) {
    const desk = aDesk(file);
    let approvalId = '';
    desk.listen({ requested: (request) => (approvalId = request.approvalId), settled: () => undefined });
    const ending = desk.ask(subject, 'call_1', undefined);
    return { desk, approvalId, ending };
  }

  it('by an agent, its parent session may answer', async () => {
    const { desk, approvalId, ending } = asked(own);
    desk.answer(approvalId, answer, parent);
    expect(await ending).toMatchObject({ outcome: 'allowed', answeredBy: parent });
  });

  it('by a server, only people may', async () => {
    const { desk, approvalId, ending } = asked(ofServer);
    for (const decision of ['allow', 'deny'] as const)
      expect(() => desk.answer(approvalId, { ...answer, decision }, parent)).toThrow(ReservedForPeopleError);
    desk.answer(approvalId, answer, ada);
    expect(await ending).toMatchObject({ outcome: 'allowed', answeredBy: ada });
  });

  it.each([
    ['an option without a name', { ...own, options: [{ label: '' }] }],
    ['no question', { ...own, question: '' }],
    ['too much', { ...own, question: 'x'.repeat(10_001) }],
  ])('cannot be %s, of which nobody is told', async (_, subject) => {
    const { approvalId, ending } = asked(subject);
    expect(approvalId).toBe('');
    await expect(ending).rejects.toThrow(ApprovalMalformedError);
  });
});

describe('what a worker leaves behind', () => {
  const nextWorker = (file: SessionManager): ApprovalDesk => aDesk(file, new Set(['call_1']));

  function left(subject: ApprovalSubject, end: (desk: ApprovalDesk, approvalId: string) => void): SessionManager {
    const file = SessionManager.inMemory();
    const desk = aDesk(file);
    let asked = '';
    desk.listen({ requested: ({ approvalId }) => (asked = approvalId), settled: () => undefined });
    void desk.ask(subject, 'call_1', undefined);
    end(desk, asked);
    return file;
  }
  const shutDown = (desk: ApprovalDesk): void => desk.suspend('The worker was shut down.');

  it("goes on waiting where the session's own agent asked", () => {
    expect(nextWorker(left(own, shutDown)).resumed).toHaveLength(1);
    expect(nextWorker(left(own, () => undefined)).resumed).toHaveLength(1);
  });

  it.each([
    ['a subagent', 'is shut down', ofSubagent, shutDown],
    ['a subagent', 'dies', ofSubagent, () => undefined],
    ['a server', 'is shut down', ofServer, shutDown],
    ['a server', 'dies', ofServer, () => undefined],
  ])('is closed where %s asked that %s with it', (_who, _how, subject, end) => {
    const desk = nextWorker(left(subject, end));
    expect([desk.resumed, desk.isWaiting]).toEqual([[], false]);
  });

  it('is no answer to the call of a subagent, only to a question of its own', () => {
    const answer = (desk: ApprovalDesk, approvalId: string): void =>
      desk.answer(approvalId, { decision: 'allow', text: 'Blue.' }, ada);
    expect(nextWorker(left(own, answer)).answered).toHaveLength(1);
    expect(nextWorker(left(ofSubagent, answer)).answered).toEqual([]);
  });
});
