import { Component, input, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { SubscriptionView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { provideSilentConnection, SilentConnection } from '../../../../testing/silent-connection';
import { find, until } from '../../../../testing/until';
import { ApiProblem } from '../../../core/api/api-problem';
import { DeadLettersApi } from '../../../core/api/dead-letters-api';
import { TriggersApi } from '../../../core/api/triggers-api';
import type { ReceivedTrigger, WaitingTrigger } from '../../../core/api/trigger-shapes';
import { Toasts } from '../../../core/toasts';
import { SessionFacts } from '../session-facts';
import { deliveriesOf } from './delivery';
import { SessionDeliveries } from './session-deliveries';
import { SessionSubscriptions } from './session-subscriptions';
import { SessionTriggers } from './session-triggers';

function received(number: number): ReceivedTrigger {
  return {
    triggerId: `trg_${number}`,
    deliveryId: `dlv_${number}`,
    type: 'ci:finished',
    source: 'ci',
    summary: `Build ${number}`,
    payload: { build: number },
    deliverAs: 'followUp',
    ts: '2026-01-01T00:00:00.000Z',
    direction: 'inbound',
  };
}
const waiting = (number: number, attempts = 0): WaitingTrigger => ({
  ...received(number),
  state: attempts > 0 ? 'sent' : 'waiting',
  attempts,
});
const subscription: SubscriptionView = {
  subscriptionId: 'sub_1',
  triggerType: 'ci:finished',
  params: null,
  filters: [{ field: 'status', value: 'failed' }],
  filterMode: 'and',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};

describe('deliveriesOf', () => {
  it('has the newest first, and once what arrived between the two answers', () => {
    const all = deliveriesOf([waiting(2, 1), waiting(3, 1), waiting(4)], [received(2), received(1)]);
    expect(all.map(({ title, phase }) => `${title} ${phase}`)).toEqual([
      'Build 4 waiting',
      'Build 3 sent',
      'Build 2 received',
      'Build 1 received',
    ]);
  });

  it('has what the session fired itself', () => {
    const [mine, its] = deliveriesOf([], [{ ...received(2), direction: 'outbound' }, received(1)]);
    expect([mine?.phase, its?.phase]).toEqual(['fired', 'received']);
  });

  it('finds a title in the payload', () => {
    const { summary, ...plain } = received(1);
    expect(summary).toBe('Build 1');
    expect(deliveriesOf([], [plain])[0]?.title).toBe('build: 1');
  });
});

@Component({
  selector: 'pz-test-host',
  imports: [SessionTriggers],
  providers: [SessionDeliveries, SessionSubscriptions],
  template: `<pz-session-triggers sessionId="s1" [facts]="facts" />`,
})
class Host {
  readonly sessionId = input('s1');
  readonly facts = new SessionFacts(this.sessionId, signal(null));
}

describe('SessionTriggers', () => {
  const connection = new SilentConnection();
  let dead: number;
  const api = {
    waiting: vi.fn(),
    received: vi.fn(),
    subscriptions: vi.fn(),
    clearHistory: vi.fn(),
    removeSubscription: vi.fn(),
  };

  /** What is on its way from now on. */
  const comes = (...triggers: WaitingTrigger[]) => api.waiting.mockResolvedValue({ triggers });

  beforeEach(() => {
    vi.resetAllMocks();
    dead = 120;
    comes();
    api.received.mockResolvedValue([]);
    api.subscriptions.mockResolvedValue({ subscriptions: [subscription] });
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideSilentConnection(connection),
        { provide: TriggersApi, useValue: api },
        {
          provide: DeadLettersApi,
          // Of the session, and of all.
          useValue: { count: (filter?: object) => Promise.resolve(filter === undefined ? 0 : dead) },
        },
      ],
    });
  });

  function open() {
    const fixture = TestBed.createComponent(Host);
    const panel: HTMLElement = fixture.nativeElement;
    return { fixture, panel };
  }

  it('explains itself while nothing came, and follows the relay’s news', async () => {
    const { fixture, panel } = open();
    const line = await until(fixture, () => find(panel, '.empty code'));
    expect(line.textContent).toContain('/api/sessions/s1/trigger');
    comes(waiting(1));
    connection.say('session:deliveries-changed', { sessionId: 'another' });
    connection.say('session:deliveries-changed', { sessionId: 's1' });
    await until(fixture, () => find(panel, 'pz-delivery-row .phase.waiting'));
    comes();
    api.received.mockResolvedValue([received(1)]);
    connection.say('session:deliveries-changed', { sessionId: 's1' });
    await until(fixture, () => find(panel, 'pz-delivery-row .phase.received'));
    find(panel, 'pz-delivery-row button', 'Build 1')?.click();
    await until(fixture, () => find(panel, 'pre', '"build": 1'));
  });

  it('begins the first subscription where it says that there is none', async () => {
    api.subscriptions.mockResolvedValue({ subscriptions: [] });
    const { fixture, panel } = open();
    const choose = await until(fixture, () => find(panel, 'button', 'Choose a trigger'));
    choose.click();
    expect(fixture.debugElement.injector.get(SessionSubscriptions).editing()).toBe('new');
  });

  it('does not say that there is nothing where it could not be read again', async () => {
    api.subscriptions.mockResolvedValue({ subscriptions: [] });
    const { fixture, panel } = open();
    await until(fixture, () => find(panel, '.empty code') && find(panel, 'p', 'Nothing yet'));
    const away = new ApiProblem({ status: 503, code: 'unreachable', detail: 'The relay is away.' });
    for (const ask of [api.waiting, api.received, api.subscriptions]) ask.mockRejectedValue(away);
    connection.epoch.update((epoch) => epoch + 1);
    await until(fixture, () => panel.querySelectorAll('pz-error-state').length === 2);
    expect(panel.querySelector('.empty')).toBeNull();
    expect(find(panel, 'p', 'Nothing yet')).toBeNull();
  });

  it('says that more wait than it shows', async () => {
    const { fixture, panel } = open();
    await until(fixture, () => find(panel, '.empty code'));
    api.waiting.mockResolvedValue({ triggers: [waiting(1)], nextCursor: 'inbox.1-0' });
    connection.say('session:deliveries-changed', { sessionId: 's1' });
    await until(fixture, () => find(panel, 'p', 'More are waiting'));
    comes(waiting(1));
    connection.say('session:deliveries-changed', { sessionId: 's1' });
    await until(fixture, () => find(panel, 'p', 'More are waiting') === null);
  });

  it('reads once more when news came during an answer', async () => {
    const { fixture, panel } = open();
    await until(fixture, () => find(panel, '.empty code'));
    let answer: (page: { triggers: WaitingTrigger[] }) => void = () => undefined;
    api.waiting.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    connection.say('session:deliveries-changed', { sessionId: 's1' });
    connection.say('session:deliveries-changed', { sessionId: 's1' });
    connection.say('session:deliveries-changed', { sessionId: 's1' });
    comes(waiting(7));
    answer({ triggers: [] });
    await until(fixture, () => find(panel, 'pz-delivery-row', 'Build 7'));
    expect(api.waiting).toHaveBeenCalledTimes(3);
  });

  it('follows subscriptions that others make, change and end, and only this session’s', async () => {
    const { fixture, panel } = open();
    await until(fixture, () => find(panel, '.subscription', 'status = failed'));
    const made = { ...subscription, subscriptionId: 'sub_2', triggerType: 'orders:shipped', filters: null };
    api.subscriptions.mockResolvedValue({ subscriptions: [subscription, made] });
    connection.say('session:subscriptions-changed', { sessionId: 'another' });
    expect(api.subscriptions).toHaveBeenCalledTimes(1);
    connection.say('session:subscriptions-changed', { sessionId: 's1' });
    await until(fixture, () => find(panel, '.subscription', 'orders:shipped'));
    api.subscriptions.mockResolvedValue({ subscriptions: [made] });
    connection.say('session:subscriptions-changed', { sessionId: 's1' });
    await until(fixture, () => find(panel, '.subscription', 'ci:finished') === null);
  });

  it('folds many subscriptions, so that the deliveries are in sight', async () => {
    const many = Array.from({ length: 25 }, (_, number) => ({ ...subscription, subscriptionId: `sub_${number}` }));
    api.subscriptions.mockResolvedValue({ subscriptions: many });
    const { fixture, panel } = open();
    const unfold = await until(fixture, () => find(panel, 'button', 'Show all 25'));
    expect(panel.querySelectorAll('.subscription')).toHaveLength(4);
    unfold.click();
    await until(fixture, () => find(panel, 'button', 'Show fewer'));
    expect(panel.querySelectorAll('.subscription')).toHaveLength(25);
  });

  it('shows a list that keeps changing while it is read', async () => {
    const { fixture, panel } = open();
    await until(fixture, () => find(panel, '.subscription', 'ci:finished'));
    const answers: ((page: object) => void)[] = [];
    api.subscriptions.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    connection.say('session:subscriptions-changed', { sessionId: 's1' });
    connection.say('session:subscriptions-changed', { sessionId: 's1' });
    expect(answers).toHaveLength(1);
    answers[0]?.({ subscriptions: [{ ...subscription, triggerType: 'ci:first' }] });
    await until(fixture, () => find(panel, '.subscription', 'ci:first'));
    await until(fixture, () => answers.length === 2);
    answers[1]?.({ subscriptions: [{ ...subscription, triggerType: 'ci:second' }] });
    await until(fixture, () => find(panel, '.subscription', 'ci:second'));
  });

  it('unsubscribes after the time to take it back', async () => {
    const { fixture, panel } = open();
    const toasts = TestBed.inject(Toasts);
    await until(fixture, () => find(panel, '.subscription', 'status = failed'));
    const unsubscribe = () => find(panel, '[aria-label="Unsubscribe from ci:finished"]')?.click();
    unsubscribe();
    await until(fixture, () => find(panel, '.subscription') === null);
    toasts.act(toasts.toasts()[0]?.id ?? 0);
    await until(fixture, () => find(panel, '.subscription'));
    expect(api.removeSubscription).not.toHaveBeenCalled();
    unsubscribe();
    toasts.dismiss(toasts.toasts()[0]?.id ?? 0);
    await until(fixture, () => api.removeSubscription.mock.calls.length === 1);
    expect(api.removeSubscription).toHaveBeenCalledWith('s1', 'sub_1');
  });

  it('leads to what did not arrive', async () => {
    const { fixture, panel } = open();
    await until(fixture, () => find(panel, '.empty code'));
    expect(find(panel, '.dead')).toBeNull();
    connection.say('dead-letters:count', { count: 5 });
    const link = await until(fixture, () => find(panel, 'a.dead', '120 dead letters of this session'));
    expect(link.getAttribute('href')).toBe('/triggers?session=s1');
    // One of another session came, one of this one went.
    dead = 119;
    connection.say('dead-letters:count', { count: 5 });
    await until(fixture, () => find(panel, 'a.dead', '119 dead letters of this session'));
  });

  it('clears the history after asking', async () => {
    api.received.mockResolvedValue([received(1)]);
    const { fixture, panel } = open();
    (await until(fixture, () => find(panel, '[aria-label="Clear the history"]'))).click();
    const sure = await until(fixture, () => find(panel, 'dialog button', 'Clear'));
    api.received.mockResolvedValue([]);
    sure.click();
    await until(fixture, () => find(panel, '.empty'));
    expect(api.clearHistory).toHaveBeenCalledWith('s1');
  });
});
