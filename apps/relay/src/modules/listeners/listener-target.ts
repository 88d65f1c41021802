import { IdPrefix, isUuid } from '@pizzapi/protocol';
import type { ListenerTarget } from './listener.repository.js';

/** What a path names: a listener by its id, or (legacy) all of a trigger type. No service's types look like ids: they have a colon. */
export function listenerTarget(text: string): ListenerTarget {
  const isId = text.startsWith(IdPrefix.listener) && isUuid(text.slice(IdPrefix.listener.length));
  return isId ? { listenerId: text } : { triggerType: text };
}
