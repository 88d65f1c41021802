import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connectHub } from '@pizzapi/testing';
import { expect, it } from 'vitest';
import { startCluster } from '../testing/relay-fixture.js';
import { RelayConfig } from './config/config.js';

const CLIENTS = 50;

it('tells every client, waits for nobody who hangs, and takes its own Redis along', async () => {
  await using cluster = await startCluster();
  const relay = await cluster.start({ REDIS_URL: '' });
  const account = await relay.account('ada');
  const sockets = await Promise.all(
    Array.from({ length: CLIENTS }, () => connectHub(relay.url, { 'x-api-key': account.apiKey ?? '' })),
  );
  const told = sockets.map((socket) => new Promise((resolve) => socket.once('relay:stopping', resolve)));
  const closed = sockets.map((socket) => new Promise((resolve) => socket.once('disconnect', resolve)));
  // A request whose body never comes.
  const stuck = connect(Number(new URL(relay.url).port), '127.0.0.1');
  stuck.on('error', () => undefined); // the relay cuts it off
  stuck.write(
    'POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{',
  );
  const redisPid = Number(readFileSync(join(relay.app.get(RelayConfig).dataDir, 'redis', 'redis.pid'), 'utf8'));

  const since = performance.now();
  await relay.stop();
  await Promise.all([...told, ...closed]);
  // That body would be waited for without end.
  expect(performance.now() - since).toBeLessThan(20_000);
  // Dead at once; its entry goes when this process, whose child it was, has collected it.
  await expect.poll(() => isKnown(redisPid)).toBe(false);
});

function isKnown(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH
  }
}
