import type { ListenerTarget } from './listener.repository.js';

/** What a path names: a listener by its id, or (legacy) all of a trigger type. Types have a colon; what has none can only be meant as an id. */
export function listenerTarget(text: string): ListenerTarget {
  return text.includes(':') ? { triggerType: text } : { listenerId: text };
}
