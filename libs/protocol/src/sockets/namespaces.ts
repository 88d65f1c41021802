/** Socket.IO namespaces, WebSocket transport only. */
export const Namespace = { agent: '/agent', runner: '/runner', viewer: '/viewer', hub: '/hub' } as const;
