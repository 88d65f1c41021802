import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { SandboxState, SandboxViolation } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { applyEvents } from '../conversation/apply-event';
import { emptyConversation } from '../conversation/conversation';
import { EventScript } from '../conversation/conversation-fixtures';
import { SandboxSection } from './sandbox-section';

const AT = '2026-11-20T10:00:00.000Z';

function show(sandbox: SandboxState, violations: Pick<SandboxViolation, 'kind' | 'target' | 'rule'>[] = []) {
  const script = violations.reduce(
    (events, violation, index) =>
      events.add('entry.appended', {
        entryId: `v${index}`,
        kind: 'notice',
        ts: AT,
        content: { role: 'sandboxViolation', toolCallId: 't', toolName: 'bash', at: AT, ...violation },
      }),
    new EventScript(),
  );
  const conversation = signal(applyEvents(emptyConversation(), script.events));
  const fixture = TestBed.createComponent(SandboxSection);
  fixture.componentRef.setInput('sandbox', sandbox);
  fixture.componentRef.setInput('facts', { conversation });
  const shown: number[] = [];
  fixture.componentInstance.shown.subscribe((seq) => shown.push(seq));
  fixture.detectChanges();
  const page: HTMLElement = fixture.nativeElement;
  return { page, shown };
}

describe('SandboxSection', () => {
  it('says in red that what is wanted is not enforced, and why', () => {
    const { page } = show({ mode: 'basic', isEnforced: false, detail: 'bwrap is not installed.' });
    expect(page.querySelector('[role=alert]')?.textContent).toBe('Not enforced. bwrap is not installed.');
  });

  it.each([
    ['none', 'Off:'],
    ['basic', 'Basic:'],
    ['full', 'Full:'],
  ] as const)('says what %s means', (mode, words) => {
    const { page } = show({ mode, isEnforced: mode !== 'none' });
    expect(page.querySelector('p')?.textContent).toContain(words);
    expect(page.querySelector('[role=alert]')).toBeNull();
  });

  it('says which version of the organisation’s policy holds, where it follows one', () => {
    const { page } = show({ mode: 'basic', isEnforced: true, policyAt: AT });
    expect(page.querySelector('.policy time')?.getAttribute('datetime')).toBe(AT);
    expect(show({ mode: 'basic', isEnforced: true, policyAt: null }).page.querySelector('.policy')).toBeNull();
  });

  it('says what of the newest policy does not hold yet', () => {
    const behind = { reason: 'not_understood' as const, detail: 'Update the runner.' };
    const { page } = show({ mode: 'basic', isEnforced: true, policyAt: AT, behind });
    expect(page.querySelector('.behind')?.textContent).toBe('Not the newest policy. Update the runner.');
    expect(show({ mode: 'basic', isEnforced: true }).page.querySelector('.behind')).toBeNull();
  });

  it('lists what was refused, the latest first, and leads there', () => {
    const { page, shown } = show({ mode: 'full', isEnforced: true }, [
      { kind: 'write', target: '/etc/hosts', rule: 'writable' },
      { kind: 'write', target: 'process 4711', rule: 'processes' },
      { kind: 'connect', target: 'example.org:443', rule: 'allowedDomains' },
    ]);
    const lines = [...page.querySelectorAll('li')];
    expect(lines.map((line) => line.querySelector('code')?.textContent)).toEqual([
      'example.org:443',
      'process 4711',
      '/etc/hosts',
    ]);
    expect(lines[0]?.textContent).toContain('bash could not connect to');
    expect(lines[0]?.textContent).toContain('not an allowed domain');
    expect(lines[1]?.textContent).toContain('bash could not reach');
    lines[2]?.querySelector('button')?.click();
    expect(shown).toEqual([1]);
  });
});
