import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { silent, TestRedis } from '../../../testing/test-redis.js';
import { Channels } from './channels.js';
import type { Redis } from './redis.js';

describe('Channels', () => {
  let server: TestRedis;
  let redis: Redis;
  let channels: Channels;
  beforeAll(async () => {
    server = await TestRedis.start();
    redis = server.connect();
    channels = new Channels(redis, silent);
  });
  afterAll(() => server.stop());

  it('subscribes once for all listeners, and leaves with the last of them', async () => {
    const heard: string[] = [];
    const [leaveA, leaveB] = await Promise.all([
      channels.subscribe('c', { onMessage: (message) => heard.push(`a ${message}`) }),
      channels.subscribe('c', { onMessage: (message) => heard.push(`b ${message}`) }),
    ]);
    expect(await redis.commands.spublish('c', '1')).toBe(1);
    await expect.poll(() => heard).toEqual(['a 1', 'b 1']);
    leaveA();
    leaveA();
    expect(await redis.commands.spublish('c', '2')).toBe(1);
    await expect.poll(() => heard.at(-1)).toBe('b 2');
    leaveB();
    await expect.poll(() => redis.commands.spublish('c', '3')).toBe(0);
    await channels.subscribe('c', { onMessage: (message) => heard.push(`c ${message}`) });
    await redis.commands.spublish('c', '4');
    await expect.poll(() => heard).toEqual(['a 1', 'b 1', 'b 2', 'c 4']);
  });

  it('goes on for the others when a listener fails', async () => {
    const heard: string[] = [];
    const broken = (): never => {
      throw new Error('It cannot handle this.');
    };
    await channels.subscribe('f', { onMessage: broken });
    await channels.subscribe('f', { onMessage: (message) => heard.push(message) });
    for (const message of ['1', '2']) await redis.commands.spublish('f', message);
    await expect.poll(() => heard).toEqual(['1', '2']);
  });

  it('subscribes again after the connection was away, and tells that messages may be missing', async () => {
    const heard: string[] = [];
    await channels.subscribe('d', { onMessage: (message) => heard.push(message), onGap: () => heard.push('gap') });
    const clients = String(await redis.commands.client('LIST'));
    const id = /id=(\d+) [^\n]*name=pizzapi-channels/.exec(clients)?.[1];
    await redis.commands.client('KILL', 'ID', Number(id));
    await expect.poll(() => heard).toEqual(['gap']);
    await redis.commands.spublish('d', 'after');
    await expect.poll(() => heard).toEqual(['gap', 'after']);
  });

  it('tries again when a channel cannot be subscribed again', async () => {
    const heard: string[] = [];
    await channels.subscribe('e', { onMessage: (message) => heard.push(message), onGap: () => heard.push('gap') });
    const warn = vi.spyOn(silent, 'warn');
    // Redis closes the connections that use what they may no longer.
    await redis.commands.acl('SETUSER', 'default', 'resetchannels');
    await expect.poll(() => warn).toHaveBeenCalled();
    warn.mockRestore();
    expect(heard).toEqual([]);
    await redis.commands.acl('SETUSER', 'default', 'allchannels');
    await expect.poll(() => heard).toEqual(['gap']);
    await redis.commands.spublish('e', 'after');
    await expect.poll(() => heard).toEqual(['gap', 'after']);
  });
});
