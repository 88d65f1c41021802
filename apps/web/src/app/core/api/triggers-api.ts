import { Service, inject } from '@angular/core';
import {
  type FireTriggerDto,
  type TriggerFiredDto,
  type TriggerStateDto,
  broadcastTrigger,
  clearTriggerHistory,
  createSubscription,
  getTrigger,
  listAvailableTriggers,
  listSubscriptions,
  listTriggerHistory,
  listWaitingTriggers,
  removeSubscription,
  replaceSubscription,
} from '@pizzapi/api-client';
import type { AvailableTrigger, SubscriptionView, TriggerCriteria } from '@pizzapi/protocol';
import { isListAnswer, isPageAnswer, type PageOf } from './answer-shapes';
import { expected } from './api-problem';
import { RelayClient } from './relay-client';
import {
  isAvailableTrigger,
  isFired,
  isReceivedTrigger,
  isSubscription,
  isTriggerState,
  isWaitingTrigger,
  type ReceivedTrigger,
  type WaitingTrigger,
} from './trigger-shapes';

/** The relay keeps no more of a session's history. */
const HISTORY = 200;
const isHistory = isListAnswer('triggers', isReceivedTrigger);
/** Of every list. */
const MAX_PAGE = 200;
const isWaiting = isPageAnswer('triggers', isWaitingTrigger);
const isAvailable = isListAnswer('triggers', isAvailableTrigger);
const isSubscriptionPage = isPageAnswer('subscriptions', isSubscription);

/** Triggers: of a session, and fired at a runner. */
@Service()
export class TriggersApi {
  private readonly relay = inject(RelayClient);

  async received(sessionId: string): Promise<ReceivedTrigger[]> {
    const { data } = await listTriggerHistory({ ...this.of(sessionId), query: { limit: HISTORY } });
    return expected(data, isHistory).triggers;
  }

  /** Those that the session gets first; with a cursor, there are more. */
  async waiting(sessionId: string): Promise<PageOf<'triggers', WaitingTrigger>> {
    const { data } = await listWaitingTriggers({ ...this.of(sessionId), query: { limit: MAX_PAGE } });
    return expected(data, isWaiting);
  }

  async clearHistory(sessionId: string): Promise<void> {
    // After the time to undo it, this may be sent while the page is being closed.
    await clearTriggerHistory({ ...this.of(sessionId), keepalive: true });
  }

  async available(sessionId: string): Promise<AvailableTrigger[]> {
    return expected((await listAvailableTriggers(this.of(sessionId))).data, isAvailable).triggers;
  }

  async subscriptions(sessionId: string, cursor?: string): Promise<PageOf<'subscriptions', SubscriptionView>> {
    return expected((await listSubscriptions({ ...this.of(sessionId), query: { cursor } })).data, isSubscriptionPage);
  }

  /** With the same key twice, one subscription. */
  async subscribe(
    sessionId: string,
    triggerType: string,
    criteria: TriggerCriteria,
    idempotencyKey: string,
  ): Promise<SubscriptionView> {
    const headers = { 'Idempotency-Key': idempotencyKey };
    const body = { triggerType, ...criteria };
    return expected((await createSubscription({ ...this.of(sessionId), body, headers })).data, isSubscription);
  }

  async replaceSubscription(sessionId: string, target: string, criteria: TriggerCriteria): Promise<void> {
    await replaceSubscription({ ...this.relay.options, path: { sessionId, target }, body: criteria });
  }

  async removeSubscription(sessionId: string, target: string): Promise<void> {
    await removeSubscription({ ...this.relay.options, path: { sessionId, target }, keepalive: true });
  }

  /** With the same key twice, one trigger. */
  async fire(runnerId: string, body: FireTriggerDto, idempotencyKey: string): Promise<TriggerFiredDto> {
    const headers = { 'Idempotency-Key': idempotencyKey };
    const { data } = await broadcastTrigger({ ...this.relay.options, path: { runnerId }, body, headers });
    return expected(data, isFired);
  }

  /** The trigger and what became of each of its deliveries. */
  async state(triggerId: string): Promise<TriggerStateDto> {
    return expected((await getTrigger({ ...this.relay.options, path: { triggerId } })).data, isTriggerState);
  }

  private of(sessionId: string) {
    return { ...this.relay.options, path: { sessionId } };
  }
}
