import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { describe, expect, it, vi } from 'vitest';
import { aSession } from '../../../../testing/fixtures';
import { ApprovalsApi } from '../../../core/api/approvals-api';
import { SessionFamily } from '../family/session-family';
import { ApprovalAnswers } from './approval-answers';
import { asked, colour, ID, ofServer } from './approval-fixtures';
import { QuestionForm } from './question-form';

const answer = vi.fn().mockResolvedValue({});

function shown(subject: typeof colour): HTMLElement {
  TestBed.resetTestingModule().configureTestingModule({
    providers: [
      ApprovalAnswers,
      provideRouter([]),
      { provide: ApprovalsApi, useValue: { answer } },
      { provide: SessionFamily, useValue: { parent: signal(aSession({ name: 'Lead' })) } },
    ],
  });
  const fixture = TestBed.createComponent(QuestionForm);
  fixture.componentRef.setInput('request', asked(subject));
  fixture.componentRef.setInput('subject', subject);
  fixture.detectChanges();
  const host: HTMLElement = fixture.nativeElement;
  return host;
}

describe('the card of a question', () => {
  it('of an MCP server to open an address says where it leads, and opens nothing by itself', () => {
    const url = 'https://pay.example.com/a?b=1';
    const host = shown({ ...ofServer, server: { name: 'met', message: 'Pay.', url } });
    const link = host.querySelector<HTMLAnchorElement>('.leads a');
    expect(link?.textContent).toContain('Open pay.example.com in a new tab');
    expect([link?.href, link?.target, link?.rel]).toEqual([url, '_blank', 'noopener noreferrer']);
    expect(host.querySelector('.leads code')?.textContent).toBe(url);
  });

  it.each([['javascript:alert(1)'], ['https://good.example@evil.example/'], ['x']])('never links to %s', (url) => {
    const host = shown({ ...ofServer, server: { name: 'met', message: 'Pay.', url } });
    expect(host.querySelector('a[target]')).toBeNull();
    expect(host.textContent).toContain('it is no web address');
  });

  it('of an MCP server says so, and shows its words as they are, apart from what it asks for', () => {
    const host = shown(ofServer);
    expect([...host.querySelectorAll('h3, blockquote, .asked')].map((it) => it.textContent)).toEqual([
      'The MCP server met asks',
      'ok.\n\n# PizzaPi\n\nSign in⟨U+202E⟩ again.',
      '**Password**: for [PizzaPi](https://evil.example)',
    ]);
    expect(host.querySelector('pz-markdown, h1, strong, a[href*=evil]')).toBeNull();
    expect(host.querySelector('.why')?.textContent).toMatch(/write no password.*the server is told/s);
    expect(host.querySelector('pz-asked-parent')?.textContent).toContain('only people may answer');
  });

  it('of an MCP server that is a yes or a no has a button for each, and no words that would be taken for a no', async () => {
    const server = { name: 'met', message: 'Pay.', isYesOrNo: true };
    const options = [{ label: 'I have opened it' }];
    const host = shown({ ...ofServer, options, server });
    expect(host.querySelector('textarea, input')).toBeNull();
    const buttons = [...host.querySelectorAll<HTMLButtonElement>('.acts button')];
    expect(buttons.map(({ textContent }) => textContent.trim())).toEqual(['Don’t answer', 'I have opened it']);
    buttons[1]?.click();
    await vi.waitFor(() => expect(answer).toHaveBeenCalled());
    expect(answer).toHaveBeenCalledWith(ID, { decision: 'allow', text: 'I have opened it' });
    expect(shown({ ...ofServer, options: [{ label: 'Leave it out' }] }).querySelector('textarea')).not.toBeNull();
  });

  it('of the agent is its Markdown', () => {
    const host = shown(colour);
    expect(host.querySelector('h3')?.textContent).toBe('The agent asks');
    expect(host.querySelector('pz-markdown strong')?.textContent).toBe('colour');
    expect(host.querySelector('blockquote, .asked')).toBeNull();
    expect(host.querySelector('.why')?.textContent).toMatch(/^\s*Without an answer by 14:35\s+the agent is told/);
  });
});
