import { signal } from '@angular/core';
import { RelayConnection } from '../app/core/realtime/relay-connection';

type Listener = (message: never) => void;

/** Stands for the socket: connected, and it says what the test tells it to. */
export class SilentConnection {
  private readonly listeners = new Map<string, Listener[]>();
  readonly hub = { on: (event: string, listener: Listener) => this.listen(event, listener) };
  readonly viewer = this.hub;
  readonly state = signal<'connecting' | 'online' | 'offline'>('online');
  readonly isOnline = signal(true);
  readonly isLost = signal(false);
  readonly offlineSince = signal<Date | null>(null);
  readonly epoch = signal(1);
  readonly refusals = signal(0);

  /** As if the hub had sent it. */
  say(event: string, message: object): void {
    for (const listener of this.listeners.get(event) ?? []) listener(message as never);
  }

  start(): void {
    // Always connected.
  }

  stop(): void {
    // Always connected.
  }

  private listen(event: string, listener: Listener): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }
}

export function provideSilentConnection(connection = new SilentConnection()) {
  return { provide: RelayConnection, useValue: connection };
}
