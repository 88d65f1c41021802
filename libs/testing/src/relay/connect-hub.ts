import { Namespace, type RelayToHub } from '@pizzapi/protocol';
import { io, type Socket } from 'socket.io-client';
import { checkedHeaders } from './checked-headers.js';
import { connected } from './connected.js';

/**
 * A connection to `/hub` that does not come back by itself.
 * @param headers The caller's credentials: `x-api-key`, or `cookie` and `origin`.
 * @throws Error with the relay's refusal as its `data`; TypeError for a header that is no string
 */
export async function connectHub(
  relayUrl: string,
  headers: Record<string, string>,
): Promise<Socket<RelayToHub, object>> {
  const socket: Socket<RelayToHub, object> = io(relayUrl + Namespace.hub, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: checkedHeaders(headers),
  });
  await connected(socket);
  return socket;
}
