import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { API_KEY } from './fake-api.js';
import { FakeRelay } from './fake-relay.js';

const beginnings = {
  'has said nothing yet': '',
  'is in the middle of a request': 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: relay\r\n',
  'has asked for a tunnel, and no more': [
    'GET /_tunnel HTTP/1.1',
    'Host: relay',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'PizzaPi-Tunnel-Form: stream',
    `X-API-Key: ${API_KEY}`,
    '\r\n',
  ].join('\r\n'),
};

it.each(Object.entries(beginnings))('the relay of the tests stops although a connection %s', async (_what, bytes) => {
  const relay = new FakeRelay();
  await relay.start();
  const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined); // that it may be reset is what is tested
  const closed = new Promise((resolve) => socket.once('close', resolve));
  if (bytes) await new Promise((resolve) => socket.write(bytes, resolve));
  await relay.stop();
  await closed;
  expect(socket.destroyed).toBe(true);
  await relay.start();
  await relay.stop();
});
