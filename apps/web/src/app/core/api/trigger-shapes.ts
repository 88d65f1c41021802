import type { TriggerFiredDto, TriggerHistoryEntryDto, TriggerStateDto, WaitingTriggerDto } from '@pizzapi/api-client';
import type { AvailableTrigger, DeadLetterView, ListenerView, SubscriptionView } from '@pizzapi/protocol';
import { has, isCount, isListOf, isRecord } from '../shape';

/** The minimum shape of answers about triggers. */
export type ReceivedTrigger = TriggerHistoryEntryDto;
export type WaitingTrigger = WaitingTriggerDto;

export function isReceivedTrigger(value: unknown): value is ReceivedTrigger {
  return has(value, 'triggerId', 'deliveryId', 'type', 'source', 'ts', 'direction') && isRecord(value['payload']);
}

export function isWaitingTrigger(value: unknown): value is WaitingTrigger {
  return (
    has(value, 'triggerId', 'deliveryId', 'type', 'source', 'ts', 'state') &&
    isRecord(value['payload']) &&
    isCount(value['attempts'])
  );
}

export function isAvailableTrigger(value: unknown): value is AvailableTrigger {
  return has(value, 'type', 'label') && typeof value['available'] === 'boolean';
}

export function isSubscription(value: unknown): value is SubscriptionView {
  return has(value, 'subscriptionId', 'triggerType', 'filterMode', 'createdAt') && isCriteria(value);
}

export function isListener(value: unknown): value is ListenerView {
  return (
    has(value, 'listenerId', 'runnerId', 'triggerType', 'filterMode', 'missedRuns', 'createdAt') &&
    isCriteria(value) &&
    typeof value['enabled'] === 'boolean' &&
    isCount(value['maxWaitMs'])
  );
}

export function isDeadLetter(value: unknown): value is DeadLetterView {
  return (
    has(value, 'deliveryId', 'kind', 'sessionId', 'ts', 'diedAt') &&
    has(value['reason'], 'code', 'detail') &&
    (!value['replayRefusal'] || has(value['replayRefusal'], 'code', 'detail')) &&
    isCount(value['attempts'])
  );
}

export function isFired(value: unknown): value is TriggerFiredDto {
  return has(value, 'triggerId') && isCount(value['subscriptions']) && isCount(value['listeners']);
}

export function isTriggerState(value: unknown): value is TriggerStateDto {
  return (
    isRecord(value) &&
    has(value['trigger'], 'triggerId', 'type') &&
    isListOf(value['deliveries'], (delivery) => has(delivery, 'deliveryId', 'state', 'ts'))
  );
}

function isCriteria(value: Record<string, unknown>): boolean {
  const { params, filters } = value;
  return (params === null || isRecord(params)) && (filters === null || isListOf(filters, (each) => has(each, 'field')));
}
