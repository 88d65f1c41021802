import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A Redis of a test's own, on a Unix socket. */
export interface TestRedis extends AsyncDisposable {
  url: string;
  pid: number;
}

export async function startRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'pizzapi-redis-'));
  const socket = join(folder, 'redis.sock');
  const args = [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--appendfsync',
    'no',
  ];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const probe = new Redis({ path: socket, maxRetriesPerRequest: null, retryStrategy: () => 20 });
  probe.on('error', () => undefined); // not there yet
  await probe.ping();
  probe.disconnect();
  return {
    url: `unix://${socket}`,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
