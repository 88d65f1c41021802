import { AsyncResource } from 'node:async_hooks';

/**
 * Node binds a function to each request of HTTP/2, and gives every bound function a deprecated accessor (`asyncResource`, DEP0172), which
 * changes a prototype. What V8 remembers of that change is in the old generation and keeps the stream, with all that belongs to it, until the
 * next full collection: some 10 kB for each request, copied twice on their way there. Without the accessor a request's memory is freed young.
 *
 * This affects the whole process. So importing the library does not do it: whoever starts a process that asks through tunnels calls it.
 */
export function bindLeanly(): void {
  Object.defineProperty(AsyncResource.prototype, 'bind', { value: bind, configurable: true, writable: true });
}

type Bindable = (this: unknown, ...args: unknown[]) => unknown;

function bind(this: AsyncResource, fn: Bindable, thisArg?: unknown): Bindable {
  const run = (receiver: unknown, args: unknown[]): unknown => this.runInAsyncScope(fn, receiver, ...args);
  const bound: Bindable =
    thisArg === undefined
      ? function (...args) {
          return run(this, args);
        }
      : (...args) => run(thisArg, args);
  return Object.defineProperty(bound, 'length', { value: fn.length, configurable: true });
}
