import type { AgentTriggerAnswer, SubscriptionView, TriggerCriteria } from '@pizzapi/protocol';
import type { TriggerRequests } from './trigger-requests.js';

/**
 * Changes what is given and keeps the rest. The relay replaces a subscription's criteria as a whole, so each one's own
 * are put together here.
 */
export async function updateSubscriptions(
  triggers: TriggerRequests,
  target: string,
  given: TriggerCriteria,
  signal?: AbortSignal,
): Promise<AgentTriggerAnswer> {
  const { subscriptions = [] } = await triggers.request({ request: 'list' }, signal);
  const meant = subscriptions.filter((one) => one.subscriptionId === target || one.triggerType === target);
  // The relay says why there is none.
  if (meant.length === 0) return triggers.request({ request: 'update', target, criteria: given }, signal);
  const answer: Required<Pick<AgentTriggerAnswer, 'updated' | 'subscriptions'>> = { updated: 0, subscriptions: [] };
  for (const subscription of meant) {
    const criteria = { ...criteriaNow(subscription), ...given };
    const { subscriptionId } = subscription;
    const changed = await triggers.request({ request: 'update', target: subscriptionId, criteria }, signal);
    answer.updated += changed.updated ?? 0;
    answer.subscriptions.push(...(changed.subscriptions ?? []));
  }
  return answer;
}

function criteriaNow({ params, filters, filterMode }: SubscriptionView): TriggerCriteria {
  return { ...(params && { params }), ...(filters && { filters }), filterMode };
}
