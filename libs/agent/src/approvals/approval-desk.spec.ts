import { SessionManager } from '@earendil-works/pi-coding-agent';
import type { ApprovalSubject } from '@pizzapi/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { ApprovalDesk } from './approval-desk.js';

const own: ApprovalSubject = { kind: 'question', question: 'Which colour?', options: [] };
const ofSubagent: ApprovalSubject = { ...own, agent: 'scout' };
const ada = { userId: 'usr_ada', name: 'Ada' };

describe('what a worker leaves behind', () => {
  const desks: ApprovalDesk[] = [];
  afterEach(() => {
    for (const desk of desks.splice(0)) desk.close('The test is over.');
  });
  const aDesk = (file: SessionManager, openCalls?: ReadonlySet<string>): ApprovalDesk => {
    const desk = new ApprovalDesk(file, { deadlineMs: 60_000, ...(openCalls && { openCalls }) });
    desks.push(desk);
    return desk;
  };
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
    ['is shut down', shutDown],
    ['dies', () => undefined],
  ])('is closed where a subagent asked that %s with it', (_, end) => {
    const desk = nextWorker(left(ofSubagent, end));
    expect([desk.resumed, desk.isWaiting]).toEqual([[], false]);
  });

  it('is no answer to the call of a subagent, only to a question of its own', () => {
    const answer = (desk: ApprovalDesk, approvalId: string): void =>
      desk.answer(approvalId, { decision: 'allow', text: 'Blue.' }, ada);
    expect(nextWorker(left(own, answer)).answered).toHaveLength(1);
    expect(nextWorker(left(ofSubagent, answer)).answered).toEqual([]);
  });
});
