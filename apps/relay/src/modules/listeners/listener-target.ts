import { IdPrefix } from '@pizzapi/protocol';
import type { ListenerTarget } from './listener.repository.js';

/** What a path names: a listener by its id, or (legacy) all of a trigger type. What is not an id is a type: those have a colon. */
export function listenerTarget(text: string): ListenerTarget {
  const isId = text.startsWith(IdPrefix.listener) && !text.includes(':');
  return isId ? { listenerId: text } : { triggerType: text };
}
