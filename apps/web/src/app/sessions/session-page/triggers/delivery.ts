import type { ReceivedTrigger, WaitingTrigger } from '../../../core/api/trigger-shapes';
import { withDirectionsShown } from '../../../ui/direction-signs';

/** `fired`: by the session itself. */
export type DeliveryPhase = 'waiting' | 'sent' | 'received' | 'fired';

/** A trigger on its way to the session, or there, or fired by it. */
export interface Delivery {
  readonly deliveryId: string;
  readonly triggerId: string;
  readonly type: string;
  readonly source: string;
  /** Its summary, or a value of its payload. */
  readonly title: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly deliverAs: string;
  readonly ts: string;
  readonly phase: DeliveryPhase;
  readonly attempts: number;
  /** For news from a child session: that session's id. */
  readonly childSessionId: string | null;
  /** What the session answered. */
  readonly response: string | null;
}

/** Both lists as one, newest first. A trigger that arrived between the two answers is in both, and counts as received. */
export function deliveriesOf(waiting: readonly WaitingTrigger[], received: readonly ReceivedTrigger[]): Delivery[] {
  const arrived = received.map((each) => deliveryOf(each, each.direction === 'inbound' ? 'received' : 'fired', 1));
  const known = new Set(arrived.map(({ deliveryId }) => deliveryId));
  const coming = waiting
    .filter(({ deliveryId }) => !known.has(deliveryId))
    .map((each) => deliveryOf(each, each.state, each.attempts));
  return [...coming.reverse(), ...arrived];
}

/** Whether it is in the session's history. */
export function isPast({ phase }: Delivery): boolean {
  return phase === 'received' || phase === 'fired';
}

function deliveryOf(trigger: ReceivedTrigger, phase: DeliveryPhase, attempts: number): Delivery {
  const { deliveryId, triggerId, payload, deliverAs, ts } = trigger;
  const title = withDirectionsShown(trigger.summary ?? titleOf(payload));
  const [type, source] = [withDirectionsShown(trigger.type), withDirectionsShown(trigger.source)];
  const { childSessionId = null, response } = trigger;
  const answered = response ? [response.action, response.text].filter(Boolean).join(': ') || 'noted' : null;
  const fields = { deliveryId, triggerId, type, source, title, payload, deliverAs, ts, phase, attempts };
  return { ...fields, childSessionId, response: answered };
}

/** Without a summary its first plain value says the most. */
function titleOf(payload: Readonly<Record<string, unknown>>): string {
  const plain = Object.entries(payload).find(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return plain === undefined ? '' : `${plain[0]}: ${String(plain[1])}`;
}
