import type { Socket } from 'socket.io-client';

/**
 * Resolves when the socket is connected.
 * @throws Error with the relay's refusal as its `data`
 */
export async function connected(socket: Pick<Socket, 'once'>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
}
