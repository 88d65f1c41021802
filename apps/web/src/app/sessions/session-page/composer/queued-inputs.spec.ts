import { TestBed } from '@angular/core/testing';
import type { QueuedInput } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { find } from '../../../../testing/until';
import { QueuedInputs } from './queued-inputs';

const ts = '2026-01-01T00:00:00.000Z';
const queue: QueuedInput[] = [
  { inputId: 'i1', text: 'And the drinks', deliverAs: 'followUp', ts },
  { inputId: 'd1', kind: 'trigger', text: 'Build 9 failed\u202e', deliverAs: 'steer', ts },
];

describe('QueuedInputs', () => {
  it('lets a person’s words be edited and taken back, a trigger not', async () => {
    const fixture = TestBed.createComponent(QueuedInputs);
    fixture.componentRef.setInput('queue', queue);
    fixture.componentRef.setInput('outbox', []);
    await fixture.whenStable();
    const page: HTMLElement = fixture.nativeElement;
    const own = find(page, '.chip', 'And the drinks');
    const trigger = find(page, '.chip', 'Build 9 failed');
    expect(own?.querySelectorAll('button')).toHaveLength(2);
    expect(trigger?.querySelectorAll('button')).toHaveLength(0);
    expect(trigger?.textContent).toContain('trigger, next: “Build 9 failed⟨U+202E⟩”');
  });

  it('says how many wait besides those that it lists', async () => {
    const fixture = TestBed.createComponent(QueuedInputs);
    fixture.componentRef.setInput('queue', queue);
    fixture.componentRef.setInput('outbox', []);
    await fixture.whenStable();
    const page: HTMLElement = fixture.nativeElement;
    expect(find(page, '.chip', 'more')).toBeNull();
    fixture.componentRef.setInput('more', 900);
    await fixture.whenStable();
    expect(find(page, '.chip', 'and 900 more')).not.toBeNull();
  });

  it('does not offer to send again what would be refused again', async () => {
    const fixture = TestBed.createComponent(QueuedInputs);
    const message = { key: 'k', text: 'x', deliverAs: 'prompt', state: 'failed', inputId: null, afterSeq: 0 } as const;
    fixture.componentRef.setInput('queue', []);
    fixture.componentRef.setInput('outbox', [{ ...message, problem: 'a.txt is gone.', gone: ['att_1'] }]);
    await fixture.whenStable();
    const page: HTMLElement = fixture.nativeElement;
    const acts = [...page.querySelectorAll('.acts button')].map(({ textContent }) => textContent.trim());
    expect(acts).toEqual(['Edit']);
  });
});
