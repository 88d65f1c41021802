import type { SocketProblem } from '../values/problem.js';

/** Socket.IO namespaces, WebSocket transport only. */
export const Namespace = { agent: '/agent', runner: '/runner', viewer: '/viewer', hub: '/hub' } as const;

/** Beside each namespace's own messages. */
export interface RelayToAny {
  /** The last words before the relay closes a connection for what the client sent: `flooding`, `malformed_message`. */
  'relay:closing': (problem: SocketProblem) => void;
}
