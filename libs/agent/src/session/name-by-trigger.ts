import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { InboxItem } from '@pizzapi/protocol';
import { shortTextOf, triggerIn } from '../queue/delivered-trigger.js';

/**
 * Names a session that a listener started after the trigger that started it. Before the delivery goes into the file, so
 * that a kill in between leaves no session that stays without a name.
 */
export function nameByTrigger(session: AgentSession, items: readonly InboxItem[]): void {
  if (session.sessionName) return;
  for (const item of items) {
    const trigger = triggerIn(item);
    if (trigger?.listenerId !== undefined) return session.setSessionName(shortTextOf(trigger));
  }
}
