import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { ServiceSocket, WantedSubscription } from '@pizzapi/service-sdk';

type Listener = (subscriptions: WantedSubscription[]) => void;

/** A service's `socket`: what the runner tells it, and what it tells the runner. */
export class RunnerSocket implements ServiceSocket {
  private readonly emitter = new EventEmitter<{ subscriptions: [WantedSubscription[]] }>();
  private readonly unheard = new Set<string>();
  private last: WantedSubscription[] | null = null;

  /** @param note writes a line into the service's log */
  constructor(private readonly note: (text: string) => void) {}

  /** Also told to those who begin to listen later. */
  tellSubscriptions(subscriptions: WantedSubscription[]): void {
    if (isDeepStrictEqual(subscriptions, this.last)) return; // the relay repeats itself with every connection
    this.last = subscriptions;
    this.emitter.emit('subscriptions', subscriptions);
  }

  on(event: 'subscriptions', listener: Listener): this {
    this.emitter.on(event, listener);
    this.catchUp(event, listener);
    return this;
  }

  once(event: 'subscriptions', listener: Listener): this {
    if (!this.catchUp(event, listener)) this.emitter.once(event, listener);
    return this;
  }

  off(event: 'subscriptions', listener: Listener): this {
    this.emitter.off(event, listener);
    return this;
  }

  emit(event: string): boolean {
    if (!this.unheard.has(event))
      this.note(`socket.emit("${event}"): this runner has no use for a message of that name`);
    this.unheard.add(event);
    return false;
  }

  /** `init` may return before the listener is added, and by then the state was told. */
  private catchUp(event: string, listener: Listener): boolean {
    const { last } = this;
    if (last === null || event !== 'subscriptions') return false;
    process.nextTick(listener, last);
    return true;
  }
}
