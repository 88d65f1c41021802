import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { describe, expect, it } from 'vitest';
import { find, until } from '../../../testing/until';
import { TriggersApi } from '../../core/api/triggers-api';
import { SessionsStore } from '../../sessions/sessions-store';
import { FiredTrigger } from './fired-trigger';

@Component({
  selector: 'pz-test-host',
  imports: [FiredTrigger],
  template: `<pz-fired-trigger [fired]="fired" />`,
})
class Host {
  readonly fired = { ok: true, triggerId: 'trg_1', subscriptions: 40, listeners: 0 };
}

const delivery = (number: number, state: string) => ({
  deliveryId: `dlv_${number}`,
  sessionId: `s${number}`,
  subscriptionIds: ['sub_1'],
  listenerId: null,
  state,
  attempts: 1,
  ts: '2026-01-01T00:00:00.000Z',
  reason: state === 'dead' ? 'session_failed' : null,
});

describe('FiredTrigger', () => {
  it('names some of many sessions, those that it did not reach first, and counts them all', async () => {
    const deliveries = Array.from({ length: 40 }, (_, number) => delivery(number, number === 33 ? 'dead' : 'received'));
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: TriggersApi, useValue: { state: () => Promise.resolve({ trigger: {}, deliveries }) } },
        { provide: SessionsStore, useValue: { session: () => undefined } },
      ],
    });
    const fixture = TestBed.createComponent(Host);
    const page: HTMLElement = fixture.nativeElement;
    await until(fixture, () => find(page, 'li', '40 in all: 39 received, 1 dead'));
    const [first] = page.querySelectorAll('li');
    expect(first?.textContent).toContain('session_failed');
    expect(page.querySelectorAll('li').length).toBeLessThan(20);
  });
});
