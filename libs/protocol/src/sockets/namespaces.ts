import type { SocketProblem } from '../values/problem.js';

/** Socket.IO namespaces, WebSocket transport only. */
export const Namespace = { agent: '/agent', runner: '/runner', viewer: '/viewer', hub: '/hub' } as const;

/** Messages that the relay may send in every namespace. */
export interface RelayToAny {
  /** The last message before the relay closes a connection because of what the client has sent: `flooding` or `malformed_message`. */
  'relay:closing': (problem: SocketProblem) => void;
}
