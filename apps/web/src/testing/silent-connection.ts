import { signal } from '@angular/core';
import type { SocketProblem } from '@pizzapi/protocol';
import type { Shape } from '../app/core/shape';
import { RelayConnection } from '../app/core/realtime/relay-connection';

type Listener = (message: unknown) => void;

/** Stands for the socket: connected, and it says what the test tells it to. */
export class SilentConnection {
  private readonly listeners = new Map<string, Listener[]>();
  readonly viewer = {
    on: (event: string, listener: Listener) => this.listen(event, listener),
    off: (event: string, listener: Listener) => this.unlisten(event, listener),
  };
  readonly hub = this.viewer;
  readonly state = signal<'connecting' | 'online' | 'offline'>('online');
  readonly isOnline = signal(true);
  readonly isLost = signal(false);
  readonly offlineSince = signal<Date | null>(null);
  readonly epoch = signal(1);
  readonly refusals = signal(0);
  readonly dropped = signal(0);
  readonly closing = signal<SocketProblem | null>(null);

  /** As if the hub had sent it. */
  say(event: string, message: object): void {
    for (const listener of this.listeners.get(event) ?? []) listener(message);
  }

  onNews<T>(event: string, fits: Shape<T>, listener: (message: T) => void): void {
    this.listen(event, (message) => {
      if (fits(message)) listener(message);
      else this.countDropped();
    });
  }

  countDropped(): void {
    this.dropped.update((count) => count + 1);
  }

  dismissClosing(): void {
    this.closing.set(null);
  }

  start(): void {
    // Always connected.
  }

  stop(): void {
    // Always connected.
  }

  private unlisten(event: string, listener: Listener): void {
    this.listeners.set(
      event,
      (this.listeners.get(event) ?? []).filter((each) => each !== listener),
    );
  }

  private listen(event: string, listener: Listener): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }
}

export function provideSilentConnection(connection = new SilentConnection()) {
  return { provide: RelayConnection, useValue: connection };
}
