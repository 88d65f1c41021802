import type { Trigger } from '@pizzapi/protocol';
import { triggerOf } from '../history/trigger-history.js';
import type { NewDelivery } from '../inbox/new-delivery.js';
import type { WaitingCursor } from './waiting-cursor.js';

/** A session and its runner, whose bus holds what is accepted for the session. */
export interface OfRunner {
  sessionId: string;
  runnerId: string;
}

/** A trigger that was accepted for a session, which has not received it yet. */
export interface WaitingTrigger {
  deliveryId: string;
  trigger: Trigger;
  /** How often it was sent to the worker. */
  timesSent: number;
}

/** The same, with the place where it waits and the runner on whose bus it was accepted. */
export interface FoundTrigger extends WaitingTrigger, OfRunner {
  cursor: WaitingCursor;
}

/** The trigger in a delivery to the session; null for an input, and for another session's delivery. */
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
