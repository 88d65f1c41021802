import { Component, input, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { ApprovalAnswer, ApprovalSubject, SessionView, SettledApproval } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type, until } from '../../../../testing/until';
import { ApiProblem } from '../../../core/api/api-problem';
import { ApprovalsApi } from '../../../core/api/approvals-api';
import { applyEvents } from '../conversation/apply-event';
import { call, EventScript } from '../conversation/conversation-fixtures';
import { emptyConversation } from '../conversation/conversation';
import type { ApprovalRow, Row } from '../conversation/row';
import { toRows } from '../conversation/rows';
import { SessionFamily } from '../family/session-family';
import { Disclosure } from '../transcript/disclosure';
import { ApprovalAnswers } from './approval-answers';
import { SessionApprovals } from './session-approvals';
import { ApprovalCard } from './approval-card';
import { asked, colour, ID, settled, sudo } from './approval-fixtures';

const notice = (content: object) => ({
  entryId: 'e9',
  kind: 'notice' as const,
  ts: '2026-11-20T10:01:00.000Z',
  content,
});

describe('the conversation', () => {
  const script = () =>
    new EventScript()
      .assistant('a1', [call('t1', 'bash', { command: 'sudo systemctl reload haproxy' })])
      .add('tool.started', { toolCallId: 't1', toolName: 'bash', args: {} })
      .add('approval.requested', asked());
  const rowsOf = (events: EventScript): Row[] => toRows(applyEvents(emptyConversation(), events.events));

  it('shows what waits after everything else, and its end in the same row', () => {
    expect(rowsOf(script()).map(({ kind, key }) => [kind, key])).toEqual([
      ['tools', 'tool:t1'],
      ['approval', `approval:${ID}`],
    ]);
    const rows = rowsOf(script().add('entry.appended', notice(settled())).toolResult('t1', 'ok'));
    expect(rows.map(({ key }) => key)).toEqual(['tool:t1', `approval:${ID}`]);
    expect(rows[1]).toMatchObject({ settled: { outcome: 'allowed' } });
  });

  it('does not show what nobody can answer any more', () => {
    expect(rowsOf(script().add('session.opened', { epoch: 2, isResumed: true }))).toHaveLength(1);
    expect(rowsOf(script().add('session.closed', { reason: 'shutdown' }))).toHaveLength(1);
  });
});

describe('the card', () => {
  let sent: { approvalId: string; answer: ApprovalAnswer }[];
  let refusal: ApiProblem | null;
  const parent = signal<SessionView | undefined>(undefined);

  beforeEach(() => {
    sent = [];
    refusal = null;
    const answer = (approvalId: string, given: ApprovalAnswer): Promise<void> => {
      sent.push({ approvalId, answer: given });
      return refusal === null ? Promise.resolve() : Promise.reject(refusal);
    };
    parent.set(undefined);
    TestBed.configureTestingModule({
      providers: [
        ApprovalAnswers,
        SessionApprovals,
        provideRouter([]),
        { provide: ApprovalsApi, useValue: { answer } },
        { provide: SessionFamily, useValue: { parent } },
      ],
    });
  });

  @Component({ selector: 'pz-host', imports: [ApprovalCard], template: `<pz-approval-card [row]="row()" />` })
  class Host {
    readonly row = input.required<ApprovalRow>();
  }

  function card(request = asked(), end: SettledApproval | null = null) {
    const fixture = TestBed.createComponent(Host);
    const show = (is: SettledApproval | null): void => {
      const row: ApprovalRow = { kind: 'approval', key: `approval:${ID}`, seq: 3, request, settled: is };
      fixture.componentRef.setInput('row', row);
      fixture.detectChanges();
    };
    show(end);
    const host: HTMLElement = fixture.nativeElement;
    document.body.append(host);
    const press = (name: string): void => {
      const button = [...host.querySelectorAll('button')].find((it) => it.textContent.trim().startsWith(name));
      if (button === undefined) throw new Error(`The card has no button “${name}”.`);
      button.focus();
      button.click();
      fixture.detectChanges();
    };
    const key = (name: string, init: KeyboardEventInit = {}, at: Element | null = null): void => {
      const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...init });
      (at ?? host.querySelector('.acts button') ?? host).dispatchEvent(event);
      fixture.detectChanges();
    };
    const write = (text: string): void => {
      type(host, 'textarea', text);
      fixture.detectChanges();
    };
    return { host, press, key, write, show, fixture };
  }

  it('shows exactly what would run, by which rule and until when, and takes no focus', () => {
    TestBed.inject(ApprovalAnswers).of({ runnerName: signal('build-1'), obstacle: signal(null) });
    const { host } = card();
    expect(host.querySelector('h3')?.textContent).toBe('Run this on build-1?');
    expect(host.querySelector('pre')?.textContent).toBe('sudo systemctl reload haproxy');
    expect(host.querySelector('.why')?.textContent).toBe('Rule “sudo *” asks. No answer by 14:35 means no.');
    expect(host.querySelector('[role=group]')?.getAttribute('aria-labelledby')).toBe(host.querySelector('h3')?.id);
    expect(host.contains(document.activeElement)).toBe(false);
  });

  it.each<[string, ApprovalAnswer]>([
    ['Deny', { decision: 'deny' }],
    ['Allow once', { decision: 'allow' }],
    ['Allow “sudo *” for this session', { decision: 'allow', scope: 'session' }],
  ])('%s sends it, once, and waits for the session to say so', (name, answer) => {
    const { host, press } = card();
    press(name);
    press('Deny');
    expect(sent).toEqual([{ approvalId: ID, answer }]);
    expect(host.querySelectorAll('.acts [aria-busy]')).toHaveLength(2);
  });

  it('sends a note with either answer, and keeps it while the row is out of sight', () => {
    const first = card();
    first.press('Answer with a note');
    first.write(' Only staging. ');
    first.fixture.destroy();
    const { press } = card();
    press('Allow once');
    expect(sent[0]?.answer).toEqual({ decision: 'allow', text: 'Only staging.' });
  });

  it.each<[string, ApprovalAnswer]>([
    ['d', { decision: 'deny' }],
    ['A', { decision: 'allow' }],
  ])('%s answers it from the keyboard', (key, answer) => {
    const { key: press } = card();
    press(key);
    expect(sent).toEqual([{ approvalId: ID, answer }]);
  });

  it('takes no letter that is written, held down or pressed with a modifier', () => {
    const { press, key, host } = card();
    key('n');
    const field = host.querySelector('textarea');
    expect(field).not.toBeNull();
    key('a', {}, field);
    key('a', { repeat: true });
    key('d', { ctrlKey: true });
    expect(sent).toEqual([]);
    press('Deny');
    expect(sent).toHaveLength(1);
  });

  it('takes the focus when it is asked for, and not at a yes', async () => {
    const { host, fixture } = card();
    TestBed.inject(SessionApprovals).reveal(ID);
    await until(fixture, () => document.activeElement?.textContent.trim().startsWith('Deny'));
    expect(host.contains(document.activeElement)).toBe(true);
    expect(TestBed.inject(SessionApprovals).wanted()).toBeNull();
  });

  it('gives the focus back to where whoever asked for it was, also after asking twice', async () => {
    const { host, show, fixture } = card();
    const composer = document.body.appendChild(document.createElement('textarea'));
    composer.focus();
    const approvals = TestBed.inject(SessionApprovals);
    const askFor = async (): Promise<void> => {
      approvals.reveal(ID);
      await until(fixture, () => approvals.wanted() === null && host.contains(document.activeElement));
    };
    await askFor();
    await askFor();
    show(settled());
    await until(fixture, () => document.activeElement === composer);
    composer.remove();
  });

  it('does not lead back to another card, where a letter would answer', async () => {
    const other = card().host;
    const { host, show, fixture } = card();
    other.querySelector('button')?.focus();
    TestBed.inject(SessionApprovals).reveal(ID);
    await until(fixture, () => host.contains(document.activeElement));
    show(settled());
    const place = host.querySelector('pz-approval-card');
    await until(fixture, () => document.activeElement === place);
    expect(place?.classList).toContain('settled');
  });

  it('says why an answer was not taken, and can be used again', async () => {
    refusal = new ApiProblem({ status: 409, code: 'session_disconnected', detail: 'The worker is not connected now.' });
    const { host, press, fixture } = card();
    press('Deny');
    const alert = await until(fixture, () => host.querySelector('[role=alert]'));
    expect(alert.textContent).toBe('The worker is not connected now.');
    expect(host.querySelector('[aria-busy]')).toBeNull();
  });

  it('shows who was first, to whoever came too late, and keeps their focus', async () => {
    refusal = new ApiProblem({ status: 409, code: 'approval_answered', detail: 'Grace has answered this already.' });
    const { host, press, show, fixture } = card();
    press('Deny');
    await until(fixture, () => TestBed.inject(ApprovalAnswers).draft(ID).isLate);
    show(settled({ text: 'Go.' }));
    await until(fixture, () => document.activeElement === host.querySelector('pz-approval-card'));
    expect(host.querySelector('.outcome')?.textContent).toBe('Allowed by Grace · 14:35');
    expect(host.querySelector('.text')?.textContent).toBe('Go.');
    expect(host.querySelector('[role=status]')?.textContent).toContain('too late');
    expect(host.querySelector('button')).toBeNull();
  });

  it('offers nothing in a session that is over', () => {
    const obstacle = signal('This session has ended. Resume it to continue.');
    TestBed.inject(ApprovalAnswers).of({ runnerName: signal('build-1'), obstacle });
    const { host } = card();
    expect(host.querySelector('.problem')?.textContent).toContain('has ended');
    expect(host.querySelector('button')).toBeNull();
  });

  it.each<[Partial<SettledApproval>, string]>([
    [{ scope: 'session' }, 'Allowed for this session by Grace · 14:35'],
    [{ outcome: 'denied' }, 'Denied by Grace · 14:35'],
    [{ outcome: 'expired' }, 'Nobody answered by 14:35, which means no'],
    [{ outcome: 'closed', reason: 'The turn was broken off.' }, 'No longer asked · The turn was broken off.'],
  ])('tells how it ended: %j', (ending, words) => {
    expect(card(asked(), settled(ending)).host.querySelector('.outcome')?.textContent).toBe(words);
  });

  describe('of an agent of the project', () => {
    const consent: ApprovalSubject = {
      kind: 'consent',
      thing: 'agent',
      name: 'taster',
      path: '/code/.pizzapi/agents/taster.md',
      hash: 'aa',
      abilities: ['Run any command', 'Read files'],
      content: 'Taste\u200b it.',
    };
    beforeEach(() => TestBed.configureTestingModule({ providers: [Disclosure] }));

    it('says where it lies, what it may do and what it is told, with nothing hidden', () => {
      const { host, press } = card(asked(consent));
      expect(host.querySelector('h3')?.textContent).toBe('Use this project’s agent taster?');
      expect(host.querySelector('pre')?.textContent).toBe('/code/.pizzapi/agents/taster.md');
      expect([...host.querySelectorAll('li')].map((it) => it.textContent)).toEqual(['Run any command', 'Read files']);
      press('Read what it is told');
      expect(host.querySelectorAll('pre')[1]?.textContent).toBe('Taste⟨U+200B⟩ it.');
    });

    it.each<[string, ApprovalAnswer]>([
      ['Don’t use it', { decision: 'deny' }],
      ['Trust this file', { decision: 'allow' }],
      ['Only in this session', { decision: 'allow', scope: 'session' }],
    ])('%s sends it', (name, answer) => {
      card(asked(consent)).press(name);
      expect(sent).toEqual([{ approvalId: ID, answer }]);
    });

    it('tells how it ended', () => {
      const { host } = card(asked(consent), settled({}, consent));
      expect(host.querySelector('.outcome')?.textContent).toBe('Trusted by Grace · 14:35');
      expect(host.querySelector('.asked')?.textContent).toContain('agent taster · /code');
    });
  });

  it('of a plugin of the project says so, and that all sessions would use it', () => {
    TestBed.configureTestingModule({ providers: [Disclosure] });
    const abilities = ['Run at Stop: ./check.sh'];
    const guard = { kind: 'consent' as const, thing: 'plugin' as const, name: 'guard', path: '/code/guard' };
    const { host, press } = card(asked({ ...guard, hash: 'aa', abilities, content: '== check.sh' }));
    expect(host.querySelector('h3')?.textContent).toBe('Use this project’s plugin guard?');
    expect(host.querySelector('.why')?.textContent).toContain('all sessions of this runner would use it');
    press('Trust this plugin');
    expect(sent[0]?.answer).toEqual({ decision: 'allow' });
  });

  it('of a hook says why it asks, and is for one call alone', () => {
    const { host } = card(asked({ ...sudo, because: 'A hook of the plugin guard asks: It is late.' }));
    expect(host.querySelector('.why')?.textContent).toContain('A hook of the plugin guard asks: It is late.');
    expect(host.textContent).not.toContain('for this session');
  });

  describe('of a question', () => {
    it('is answered by an option, by own words, or by both', () => {
      const { host, press, write } = card(asked(colour));
      expect(host.querySelector('pz-markdown strong')?.textContent).toBe('colour');
      expect(host.querySelector<HTMLButtonElement>('.acts button:last-child')?.disabled).toBe(true);
      host.querySelectorAll('input')[1]?.click();
      write('the dark one');
      press('Answer');
      expect(sent[0]?.answer).toEqual({ decision: 'allow', text: 'Blue: the dark one' });
    });

    it('is answered from the keyboard: a digit chooses, a modifier sends from within the field', () => {
      const { key, host } = card(asked(colour));
      key('2');
      expect(host.querySelectorAll('input')[1]?.checked).toBe(true);
      key('Enter', { ctrlKey: true }, host.querySelector('textarea'));
      expect(sent[0]?.answer).toEqual({ decision: 'allow', text: 'Blue' });
    });

    it('of a subagent says whose it is', () => {
      const run = { number: 2, of: 3, task: 'Look at the rear.' };
      const { host } = card(asked({ ...colour, agent: 'scout', run }));
      expect(host.querySelector('h3')?.textContent).toBe('The subagent scout (2 of 3) asks');
      expect(host.querySelector('.task')?.textContent).toBe('Its task: “Look at the rear.”');
    });

    it('may be left without an answer', () => {
      card(asked(colour)).press('Don’t answer');
      expect(sent[0]?.answer).toEqual({ decision: 'deny' });
    });
  });
});
