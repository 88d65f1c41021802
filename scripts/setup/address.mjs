import { createServer } from 'node:net';
import { Failure } from './failure.mjs';

const DEFAULT_PORT = 7492;

/**
 * Where the relay will listen, from the environment.
 * @returns {Promise<{host: string, port: number, local: string, console: string}>} local: where this machine reaches it
 */
export async function relayAddress() {
  const host = process.env['PIZZAPI_HOST'] || '127.0.0.1';
  const wanted = process.env['PIZZAPI_PORT'] || String(DEFAULT_PORT);
  if (!/^\d+$/.test(wanted) || Number(wanted) > 65_535)
    throw new Failure(`PIZZAPI_PORT is "${wanted}", which is not a port.`);
  const port = await claimPort(host, Number(wanted));
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const local = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
  const own = process.env['PIZZAPI_PUBLIC_URL']?.replace(/\/$/, '');
  return { host, port, local, console: own || `http://localhost:${port}` };
}

/**
 * Fails before the long work instead of after it.
 * @param {string} host
 * @param {number} port 0: any
 * @returns {Promise<number>}
 */
function claimPort(host, port) {
  return new Promise((settle, fail) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => fail(portFailure(error, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => settle(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

/**
 * @param {NodeJS.ErrnoException} error
 * @param {string} host
 * @param {number} port
 */
function portFailure(error, host, port) {
  if (error.code === 'EADDRINUSE') {
    return new Failure(
      `Port ${port} on ${host} is taken, perhaps by a PizzaPi that already runs. ` +
        `Stop that, or choose another port: PIZZAPI_PORT=${port + 1} npm start`,
    );
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new Failure(`PIZZAPI_HOST is "${host}", which is no address of this machine.`);
  }
  if (error.code === 'EACCES')
    return new Failure(`PIZZAPI_PORT is ${port}, which this user may not listen on; take one above 1023.`);
  return new Failure(`Cannot listen on ${host}:${port}: ${error.message}`);
}
