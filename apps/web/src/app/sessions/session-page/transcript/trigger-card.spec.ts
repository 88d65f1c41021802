import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { describe, expect, it } from 'vitest';
import { SessionForks } from '../../session-forks';
import type { TriggerItem } from '../conversation/transcript-item';
import { Disclosure } from './disclosure';
import { RowView } from './row-view';

const item: TriggerItem = {
  kind: 'trigger',
  seq: 4,
  entryId: 't1',
  key: 't1',
  ts: '2026-01-01T09:00:00.000Z',
  bytes: 10,
  deliveryId: 'dlv_1',
  type: 'ci:finished',
  source: 'ci',
  summary: 'Build 7 failed',
  deliverAs: 'followUp',
  payload: { build: 7 },
  firedAt: '2026-01-01T09:00:00.000Z',
  prompt: '',
  childSessionId: '',
};

describe('the card of a trigger', () => {
  it('can be forked from before, one at a time', () => {
    const isUnderWay = signal(false);
    TestBed.configureTestingModule({
      providers: [provideRouter([]), Disclosure, { provide: SessionForks, useValue: { isUnderWay } }],
    });
    const fixture = TestBed.createComponent(RowView);
    fixture.componentRef.setInput('row', { kind: 'trigger', key: 't1', seq: 4, item });
    const forked: string[] = [];
    fixture.componentInstance.forked.subscribe(({ entryId }) => forked.push(entryId));
    fixture.detectChanges();
    const page: HTMLElement = fixture.nativeElement;
    const button = page.querySelector<HTMLButtonElement>('[aria-label="Fork from before this trigger"]');
    button?.click();
    expect(forked).toEqual(['t1']);
    isUnderWay.set(true);
    fixture.detectChanges();
    expect(button?.disabled).toBe(true);
  });
});
