import type { AvailableTrigger, SubscriptionView } from '@pizzapi/protocol';

/** The trigger types of this runner, as the model reads them: the type first, because that is what the other tools take. */
export function describeAvailable(available: readonly AvailableTrigger[]): string {
  if (available.length === 0) return "No triggers are available: no service of this session's runner declares any.";
  return available.map(describeType).join('\n\n');
}

function describeType({
  type,
  label,
  description,
  serviceId,
  schema,
  available,
  disabledReason,
}: AvailableTrigger): string {
  const lines = [`${type}: ${label}`];
  if (description !== null) lines.push(`  ${description}`);
  const isDisabled = disabledReason != null;
  if (serviceId !== null) lines.push(`  Service: ${serviceId}${available || isDisabled ? '' : ' (not running now)'}`);
  if (isDisabled) lines.push(`  Disabled, so it cannot be subscribed to: ${disabledReason}`);
  if (schema !== null) lines.push(`  Payload schema: ${JSON.stringify(schema)}`);
  return lines.join('\n');
}

/** Subscriptions, the id first. */
export function describeSubscriptions(subscriptions: readonly SubscriptionView[]): string {
  if (subscriptions.length === 0) return 'This session has no trigger subscriptions.';
  return subscriptions.map(describeSubscription).join('\n');
}

function describeSubscription(subscription: SubscriptionView): string {
  const { subscriptionId, triggerType, params, filters, filterMode } = subscription;
  const parts = [`${subscriptionId}: ${triggerType}`];
  if (params !== null && Object.keys(params).length > 0) parts.push(`params ${JSON.stringify(params)}`);
  if (filters !== null && filters.length > 0) parts.push(`filters ${JSON.stringify(filters)} (${filterMode})`);
  return parts.join(', ');
}

/** "1 subscription", "2 subscriptions". */
export function countOfSubscriptions(count: number): string {
  return `${count} subscription${count === 1 ? '' : 's'}`;
}
