import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { expect, it } from 'vitest';
import { bindLeanly } from './lean-bind.js';

function told(this: unknown, ...args: unknown[]): unknown {
  return { receiver: this, args, within: storage.getStore() };
}
const storage = new AsyncLocalStorage<string>();

bindLeanly();

it('binds as Node does, to a resource and to what it is called on, without the accessor', () => {
  const resource = storage.run('then', () => new AsyncResource('test'));
  const receiver = { bound: resource.bind(told) };
  expect(storage.run('now', () => receiver.bound(1, 2))).toEqual({ receiver, args: [1, 2], within: 'then' });
  expect(receiver.bound).toHaveLength(told.length);
  expect(receiver.bound).not.toHaveProperty('asyncResource');
});

it('binds to another receiver if one is given, also by the class itself', () => {
  const receiver = {};
  const bound = storage.run('then', () => AsyncResource.bind(told, 'test', receiver));
  expect(bound('x')).toEqual({ receiver, args: ['x'], within: 'then' });
});
