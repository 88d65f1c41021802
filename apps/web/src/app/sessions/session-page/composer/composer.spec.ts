import { TestBed, type ComponentFixture } from '@angular/core/testing';
import type { SessionCommand } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { find } from '../../../../testing/until';
import { Composer } from './composer';

const commands: SessionCommand[] = [
  { name: 'compact', description: 'Make room', argumentHint: '[what to keep]', kind: 'action' },
  { name: 'name', description: 'Give the session a name', argumentHint: '<name>', kind: 'action' },
  { name: 'skill:pdf', description: 'Reads PDF files', kind: 'skill' },
];

describe('Composer', () => {
  let fixture: ComponentFixture<Composer>;
  let page: HTMLElement;
  let field: HTMLTextAreaElement;
  let sent: string[];

  beforeEach(async () => {
    localStorage.clear();
    fixture = TestBed.createComponent(Composer);
    fixture.componentRef.setInput('sessionId', 's1');
    fixture.componentRef.setInput('isWorking', false);
    fixture.componentRef.setInput('commands', commands);
    sent = [];
    fixture.componentInstance.sent.subscribe(({ text }) => sent.push(text));
    page = fixture.nativeElement;
    await fixture.whenStable();
    const found = page.querySelector('textarea');
    if (!found) throw new Error('There is no field.');
    field = found;
  });

  async function type(text: string): Promise<void> {
    field.value = text;
    field.setSelectionRange(text.length, text.length);
    field.dispatchEvent(new Event('input'));
    await fixture.whenStable();
  }
  async function press(key: string): Promise<KeyboardEvent> {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    field.dispatchEvent(event);
    await fixture.whenStable();
    return event;
  }
  const options = (): string[] =>
    [...page.querySelectorAll('[role=option] .name')].map((name) => name.textContent.trim());
  const active = (): string | undefined =>
    page.querySelector(`#${field.getAttribute('aria-activedescendant') ?? 'none'} .name`)?.textContent.trim();

  it('offers commands while the name of one is typed, and completes the chosen one', async () => {
    await type('/');
    expect(options()).toHaveLength(3);
    expect(active()).toMatch(/^\/compact/);
    await press('ArrowUp');
    expect(active()).toBe('/skill:pdf');
    await press('ArrowDown');
    expect(active()).toMatch(/^\/compact/);
    await type('/pd');
    expect(options()).toEqual(['/skill:pdf']);
    await press('Enter');
    expect([field.value, options(), sent]).toEqual(['/skill:pdf ', [], []]);
    await type('/skill:pdf report.pdf');
    await press('Enter');
    expect(sent).toEqual(['/skill:pdf report.pdf']);
  });

  it('lets typing go on in the same moment: what was completed or sent does not come back', async () => {
    const pressed = (key: string): string => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      return field.value;
    };
    await type('/pd');
    expect(pressed('Enter')).toBe('/skill:pdf ');
    await type('/skill:pdf a.pdf');
    expect(pressed('Enter')).toBe('');
    expect(sent).toEqual(['/skill:pdf a.pdf']);
  });

  it('sends one whose name is complete, unless something has to follow it', async () => {
    await type('/compact');
    await press('Enter');
    await type('/name');
    await press('Enter');
    expect([sent, field.value]).toEqual([['/compact'], '/name ']);
  });

  it('takes one by the mouse, and lets Tab leave the field when nothing is offered', async () => {
    await type('/na');
    page.querySelector<HTMLElement>('[role=option]')?.click();
    await fixture.whenStable();
    expect(field.value).toBe('/name ');
    expect((await press('Tab')).defaultPrevented).toBe(false);
  });

  it('is closed by Escape, which then aborts nothing, and opened by more typing', async () => {
    let isHeard = false;
    page.addEventListener('keydown', () => (isHeard = true));
    await type('/co');
    await press('Escape');
    expect([options(), isHeard]).toEqual([[], false]);
    await press('Escape');
    expect(isHeard).toBe(true);
    await type('/com');
    expect(options()).toHaveLength(1);
  });

  it('says when no command has that name, and sends it as text', async () => {
    await type('/tmp');
    expect(find(page, '.none', 'No command of this name')).toBeDefined();
    await press('Enter');
    expect(sent).toEqual(['/tmp']);
  });
});
