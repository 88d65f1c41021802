import { expect, it } from 'vitest';
import { openDoor, parseRedisUrl } from './redis-address.js';

it.each([
  ['redis://redis', { host: 'redis', port: 6379, db: 0 }],
  ['redis://:p%40ss@[::1]:6380/3', { host: '::1', port: 6380, db: 3, password: 'p@ss' }],
  [
    'rediss://ada:secret@redis:6390',
    { host: 'redis', port: 6390, db: 0, username: 'ada', password: 'secret', tls: {} },
  ],
  ['unix:///run/redis.sock', { path: '/run/redis.sock' }],
])('%s', (url, options) => {
  expect(parseRedisUrl(url)).toEqual(options);
});

it.each([
  ['redis://localhost:6379', true],
  ['redis://ada@redis:6379', true],
  ['redis://:secret@localhost', false],
  ['unix:///run/redis.sock', false],
])('%s is open to whoever reaches it: %s', (url, isOpen) => {
  expect(openDoor(parseRedisUrl(url)) !== null).toBe(isOpen);
});
