import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { ApprovalRequest, ApprovalView, SettledApproval } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { provideSilentConnection } from '../../../../testing/silent-connection';
import { find, until } from '../../../../testing/until';
import { ApiProblem } from '../../../core/api/api-problem';
import { ApprovalsApi } from '../../../core/api/approvals-api';
import { applyEvents } from '../conversation/apply-event';
import { EventScript } from '../conversation/conversation-fixtures';
import { type Conversation, emptyConversation } from '../conversation/conversation';
import { ApprovalsTab } from './approvals-tab';
import { SessionApprovals } from './session-approvals';

const idOf = (number: number): string => `apr_0198c0de-0000-7000-8000-00000000000${number}`;

function request(number: number, command = `sudo step-${number}`): ApprovalRequest {
  return {
    approvalId: idOf(number),
    toolCallId: `t${number}`,
    askedAt: `2026-11-20T10:0${number}:00.000Z`,
    deadline: '2026-11-20T10:30:00.000Z',
    subject: {
      kind: 'tool',
      toolName: 'bash',
      args: { command },
      rule: { tool: 'bash', pattern: 'sudo *', source: '~/.pizzapi/config.json' },
    },
  };
}
const ending = (number: number, name = 'Ada') => ({
  outcome: 'allowed' as const,
  settledAt: `2026-11-20T11:0${number}:00.000Z`,
  answeredBy: { userId: 'usr_1', name },
});
const view = (number: number, changes: Partial<ApprovalView> = {}): ApprovalView => ({
  ...request(number),
  sessionId: 's1',
  ...ending(number),
  scope: null,
  text: null,
  reason: null,
  seq: number * 10,
  ...changes,
});
const settled = (number: number, name?: string): SettledApproval => ({
  role: 'approval',
  ...request(number),
  ...ending(number, name),
});

@Component({
  selector: 'pz-test-host',
  imports: [ApprovalsTab],
  template: `<pz-approvals-tab (shown)="shown.push($event)" (waitingChosen)="chosen.push($event)" />`,
})
class Host {
  readonly shown: number[] = [];
  readonly chosen: string[] = [];
}

describe('ApprovalsTab', () => {
  const conversation = signal<Conversation>(emptyConversation());
  let script: EventScript;
  let answers: (cursor: string | undefined) => Promise<{ approvals: ApprovalView[]; nextCursor?: string }>;

  beforeEach(() => {
    script = new EventScript();
    conversation.set(emptyConversation());
    answers = () => Promise.resolve({ approvals: [] });
    TestBed.configureTestingModule({
      providers: [
        SessionApprovals,
        provideSilentConnection(),
        { provide: ApprovalsApi, useValue: { list: (_id: string, cursor?: string) => answers(cursor) } },
      ],
    });
  });

  function open() {
    const approvals = TestBed.inject(SessionApprovals);
    approvals.of({ sessionId: () => 's1', conversation });
    const fixture = TestBed.createComponent(Host);
    const page: HTMLElement = fixture.nativeElement;
    const rows = (): string[] =>
      [...page.querySelectorAll('pz-approval-line')].map((row) => row.textContent.replace(/\s+/g, ' ').trim());
    return { approvals, fixture, page, rows, host: fixture.componentInstance };
  }
  const say = (events: EventScript): void => conversation.set(applyEvents(emptyConversation(), events.events));

  it('lists what waits, the newest first, and leads to its card', async () => {
    say(script.add('approval.requested', request(1)).add('approval.requested', request(2)));
    const { fixture, page, rows, host } = open();
    await until(fixture, () => rows().length === 2);
    expect(rows()[0]).toContain('sudo step-2');
    expect(rows()[0]).toContain('Waits until');
    expect(rows()[0]).toContain('Rule for “sudo *” · ~/.pizzapi/config.json');
    find(page, 'button', 'sudo step-1')?.click();
    expect(host.chosen).toEqual([idOf(1)]);
  });

  it('lists what was answered, by whom, from the relay and as it happens, each once', async () => {
    answers = (cursor) =>
      Promise.resolve(
        cursor === undefined
          ? {
              approvals: [view(2), view(3, { outcome: null, settledAt: null, answeredBy: null, seq: null })],
              nextCursor: 'c',
            }
          : { approvals: [view(1)] },
      );
    const { fixture, page, rows, host } = open();
    await until(fixture, () => rows().length === 1);
    expect(rows()[0]).toContain('Allowed by Ada');
    find(page, 'button', 'Show more')?.click();
    await until(fixture, () => rows().length === 2);
    const notice = (content: SettledApproval) => ({
      entryId: `e-${content.approvalId}`,
      kind: 'notice' as const,
      ts: content.settledAt,
      content,
    });
    say(script.add('entry.appended', notice(settled(2))).add('entry.appended', notice(settled(4, 'Grace'))));
    await until(fixture, () => rows().length === 3);
    expect(rows()[0]).toMatch(/step-4.*Allowed by Grace/);
    find(page, 'button', 'sudo step-1')?.click();
    expect(host.shown).toEqual([10]);
    // The reader goes elsewhere in the conversation.
    conversation.update((now) => ({ ...now, window: { ...now.window, isJoined: false } }));
    await fixture.whenStable();
    expect(rows()).toHaveLength(3);
  });

  it('says that nothing waits and nothing was asked, or why it cannot be known', async () => {
    answers = () => Promise.reject(new ApiProblem({ status: 503, code: 'internal', detail: 'The database is away.' }));
    const { fixture, page, approvals } = open();
    await until(fixture, () => find(page, 'pz-error-state', 'The database is away.'));
    expect(page.textContent).toContain('Nothing waits for a person.');
    answers = () => Promise.resolve({ approvals: [] });
    approvals.reload();
    await until(fixture, () => find(page, 'p', 'Nothing yet.'));
  });

  it('goes from the newest that waits to the ones before it, and to a newer one first', () => {
    say(script.add('approval.requested', request(1)).add('approval.requested', request(2)));
    const { approvals } = open();
    const next = (): string | null => (approvals.revealNext() ? approvals.wanted() : null);
    expect([next(), next(), next()]).toEqual([idOf(2), idOf(1), idOf(2)]);
    say(script.add('approval.requested', request(3)));
    expect(next()).toBe(idOf(3));
    say(new EventScript());
    expect(next()).toBeNull();
  });
});
