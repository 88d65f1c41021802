import type { DeadLetterView } from '@pizzapi/protocol';
import { triggerOf } from '../deliveries/index.js';
import type { DeadLetterEntity } from './dead-letter.entity.js';

/** A dead letter as REST shows it. */
export function viewOf(letter: DeadLetterEntity): DeadLetterView & { id: string } {
  const { deliveryId, kind, sessionId, sessionName, runnerId, triggerId, listenerId, type, summary } = letter;
  const { item, reason, attempts, ts, diedAt } = letter;
  return {
    id: deliveryId,
    deliveryId,
    kind,
    sessionId,
    sessionName,
    runnerId,
    triggerId,
    listenerId,
    type,
    summary,
    payload: triggerOf(item)?.payload ?? item.text,
    reason,
    attempts,
    ts: ts.toISOString(),
    diedAt: diedAt.toISOString(),
  };
}
