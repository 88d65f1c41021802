import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectHub } from './connect-hub.js';
import { RelayApi } from './relay-api.js';

let server: Server;
let url: string;
beforeEach(async () => {
  server = createServer((_request, response) => response.writeHead(500).end('{"code":"internal_error"}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** What a test takes for a key from an answer that has none. */
const { apiKey }: { apiKey: string } = JSON.parse('{}');

it('an answer of 500 is an error where it comes', async () => {
  await expect(new RelayApi(url).post('/api/sessions')).rejects.toThrow(/sessions was answered 500: .*internal_error/);
});

it('a key that is none is an error before anybody is asked', async () => {
  await expect(connectHub(url, { 'x-api-key': apiKey })).rejects.toThrow('The header x-api-key is undefined');
  expect(() => new RelayApi(url, JSON.parse('7'))).toThrow('The header x-api-key is number');
});
