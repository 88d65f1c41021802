import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { ApprovalRequest, SessionView } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { aSession } from '../../../../testing/fixtures';
import { outcomeWords } from '../approvals/approval-words';
import { AskedParent } from './asked-parent';
import { SessionFamily } from './session-family';

const request: ApprovalRequest = {
  approvalId: 'apr_1',
  toolCallId: 't1',
  askedAt: '2026-11-20T10:00:00.000Z',
  deadline: '2026-11-20T10:15:00.000Z',
  subject: { kind: 'question', question: 'Which?', options: [] },
};
const tool: ApprovalRequest['subject'] = {
  kind: 'tool',
  toolName: 'bash',
  args: {},
  rule: { tool: 'bash', pattern: null, source: '' },
};

function shown(asked: Partial<ApprovalRequest>, parent?: SessionView): string {
  TestBed.configureTestingModule({
    providers: [provideRouter([]), { provide: SessionFamily, useValue: { parent: signal(parent) } }],
  });
  const fixture = TestBed.createComponent(AskedParent);
  fixture.componentRef.setInput('request', { ...request, ...asked });
  fixture.detectChanges();
  const host: HTMLElement = fixture.nativeElement;
  return host.textContent.replaceAll(/\s+/g, ' ').trim();
}

describe('what is said of a child’s parent', () => {
  const parent = aSession({ name: 'Lead' });

  it.each([
    ['nothing without one', {}, undefined, ''],
    ['that it was asked', {}, parent, 'Its parent session Lead was asked too. Whoever answers first counts.'],
    ['that it may not', { subject: tool }, parent, 'Its parent session Lead knows, but only people may answer.'],
    [
      'that it may not answer a server',
      { subject: { kind: 'question' as const, question: 'It', options: [], server: { name: 'met', message: '' } } },
      parent,
      'Its parent session Lead knows, but only people may answer.',
    ],
    [
      'that it may',
      { subject: tool, mayParentAnswer: true },
      parent,
      'Its parent session Lead was asked too. Whoever answers first counts.',
    ],
    [
      'why it did not',
      { handedUp: { sessionId: 's1', name: 'Lead', reason: 'Not mine to say.', ts: request.askedAt } },
      parent,
      'Handed up by Lead: Not mine to say.',
    ],
  ])('is %s', (_what, asked, above, words) => {
    expect(shown(asked, above)).toBe(words);
  });

  it('is that it answered', () => {
    const answeredBy = { userId: 'usr_1', name: 'Lead', sessionId: parent.sessionId };
    const ending = { role: 'approval' as const, outcome: 'allowed' as const, settledAt: request.deadline, answeredBy };
    expect(outcomeWords({ ...request, ...ending })).toMatch(/^Answered by the parent session “Lead” · /);
  });
});
