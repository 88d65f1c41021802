import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that Linux lends to outgoing connections and to whoever asks for port 0. All of them are safe for browsers. */
const FIRST = 10_240;
const COUNT = 22_000;
const given = new Set<number>();

/**
 * A loopback port that is free, and stays so while a server on it is away: no client that looks for it, and nobody else who needs just any
 * port, gets it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + randomInt(COUNT);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
