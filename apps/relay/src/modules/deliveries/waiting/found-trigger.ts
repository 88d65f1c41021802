import type { Trigger } from '@pizzapi/protocol';
import { triggerOf } from '../history/trigger-history.js';
import type { NewDelivery } from '../inbox/session-inbox.js';
import type { WaitingCursor } from './waiting-cursor.js';

/** A session, and the runner on whose bus it gets what is for it. */
export interface OfRunner {
  sessionId: string;
  runnerId: string;
}

/** A trigger that was accepted for a session and that the session has not received. */
export interface WaitingTrigger {
  deliveryId: string;
  trigger: Trigger;
  /** How often its worker was given it. */
  timesSent: number;
}

/** The same with the place in which it waits, and the runner on whose bus it was accepted. */
export interface FoundTrigger extends WaitingTrigger, OfRunner {
  cursor: WaitingCursor;
}

/** The trigger in what is on its way to a session; null for what a person said, and for other sessions'. */
export function foundIn(
  { sessionId, runnerId }: OfRunner,
  to: { sessionId: string; item: NewDelivery },
  cursor: WaitingCursor,
  timesSent = 0,
): FoundTrigger | null {
  const trigger = to.sessionId === sessionId ? triggerOf(to.item) : null;
  if (!trigger) return null;
  const { deliveryId, runnerId: acceptedOn = runnerId } = to.item;
  return { sessionId, runnerId: acceptedOn, deliveryId, trigger, timesSent, cursor };
}
