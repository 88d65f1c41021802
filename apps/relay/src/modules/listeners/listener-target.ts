import { isTriggerType } from '../triggers/index.js';
import type { ListenerTarget } from './listener.repository.js';

/** What a path names: a listener by its id, or (legacy) all of a trigger type. */
export function listenerTarget(text: string): ListenerTarget {
  return isTriggerType(text) ? { triggerType: text } : { listenerId: text };
}
