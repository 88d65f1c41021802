import { expect, it } from 'vitest';
import { Variables } from '../settings/expand-variables.js';
import { HostRefusedError, openTransport } from './open-transport.js';

it('a server elsewhere is asked nothing more once its host is not allowed any more', async () => {
  let isAllowed = true;
  const transport = openTransport({ type: 'http', url: 'http://127.0.0.1:9/mcp' }, new Variables({}), {
    cwd: '/',
    startProgram: () => Promise.reject(new Error('It is no program.')),
    mayReach: () => isAllowed,
  });
  await transport.start();
  const ask = () => transport.send({ jsonrpc: '2.0', id: 1, method: 'ping' });
  await expect(ask()).rejects.not.toBeInstanceOf(HostRefusedError);
  isAllowed = false;
  await expect(ask()).rejects.toBeInstanceOf(HostRefusedError);
  await transport.close();
});
