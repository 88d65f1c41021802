import type { DeliveredTrigger, InboxItem } from '@pizzapi/protocol';

let count = 0;

/** A trigger as the relay delivers it. */
export function aTriggerItem(changes: Partial<DeliveredTrigger> = {}, item: Partial<InboxItem> = {}): InboxItem {
  count += 1;
  const trigger: DeliveredTrigger = {
    triggerId: `trg_${count}`,
    type: 'orders:status_changed',
    payload: { status: 'shipped' },
    source: 'orders',
    deliverAs: 'followUp',
    ts: '2026-01-01T00:00:00.000Z',
    runnerId: '019a9f3e-0000-7000-8000-000000000001',
    subscriptionIds: ['sub_1'],
    ...changes,
  };
  const { deliverAs, ts } = trigger;
  const delivery = { cursor: `${count}-0`, deliveryId: `dlv_${count}`, deliverAs, ts };
  return { ...delivery, kind: 'trigger', text: JSON.stringify(trigger), ...item };
}
