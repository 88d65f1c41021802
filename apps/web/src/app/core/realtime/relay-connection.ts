import { DestroyRef, Service, computed, inject, signal } from '@angular/core';
import type {
  PROTOCOL_VERSION,
  RelayToAny,
  RelayToHub,
  RelayToViewer,
  SocketProblem,
  ViewerToRelay,
} from '@pizzapi/protocol';
import { Manager, type Socket } from 'socket.io-client';
import { isClosing } from './message-shapes';
import { type Shape } from '../shape';

/** A copy, since only types are imported from the protocol; its type keeps the two equal. */
const PROTOCOL: typeof PROTOCOL_VERSION = 1;
/** After the relay closed or refused a namespace, Socket.IO leaves reconnecting to us. */
const RETURN_MS = 2000;
/** How long after reconnecting the reason for the relay's closing is still shown. */
const CLOSING_SAID_MS = 60_000;

export type HubSocket = Socket<RelayToHub & RelayToAny, Record<never, never>>;
export type ViewerSocket = Socket<RelayToViewer & RelayToAny, ViewerToRelay>;

/** How the console stands with the relay. A fact about the network, never about an agent. */
export type ConnectionState = 'connecting' | 'online' | 'offline';

/**
 * The browser's one WebSocket to the relay, carrying the namespaces /hub and /viewer. Reconnects for ever with
 * jitter. Whoever listens re-reads its state after every `online`: messages in between are lost by design.
 */
@Service()
export class RelayConnection {
  private readonly manager = new Manager(location.origin, {
    transports: ['websocket'],
    autoConnect: false,
    reconnectionDelay: 500,
    reconnectionDelayMax: 10_000,
    randomizationFactor: 0.5,
  });
  readonly hub: HubSocket = this.manager.socket('/hub', { auth: { protocol: PROTOCOL } });
  readonly viewer: ViewerSocket = this.manager.socket('/viewer', { auth: { protocol: PROTOCOL } });

  private readonly current = signal<ConnectionState>('connecting');
  private readonly lostAt = signal<Date | null>(null);
  private readonly onlineCount = signal(0);
  private readonly refusalCount = signal(0);
  private readonly droppedCount = signal(0);

  readonly state = this.current.asReadonly();
  readonly isOnline = computed(() => this.current() === 'online');
  /** The connection was lost; `connecting` at the start of a visit does not count. */
  readonly isLost = computed(() => this.current() === 'offline');
  /** When the connection was lost; null while there is one. */
  readonly offlineSince = this.lostAt.asReadonly();
  /** Rises with every (re)connect; stores re-read their lists when it does. */
  readonly epoch = this.onlineCount.asReadonly();
  /** Rises when the relay closed or refused the connection: the login may have ended. */
  readonly refusals = this.refusalCount.asReadonly();
  /** Messages that this console could not read: most likely the relay is newer. */
  readonly dropped = this.droppedCount.asReadonly();
  private readonly closedFor = signal<SocketProblem | null>(null);
  /** Why the relay closed the connection for what this browser sent; null after a while online, or when dismissed. */
  readonly closing = this.closedFor.asReadonly();
  private isWanted = false;
  private returnTimer: ReturnType<typeof setTimeout> | undefined;
  private closingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.hub.on('connect', () => this.becomeOnline());
    this.hub.on('disconnect', () => this.becomeOffline());
    this.hub.on('connect_error', () => this.becomeOffline());
    // The relay asked us to move on: do so after a random pause, so that its clients don't all land at once.
    this.hub.on('relay:stopping', () => this.comeBackLater());
    this.hub.on('relay:closing', (problem: unknown) => this.noteClosing(problem));
    this.viewer.on('relay:closing', (problem: unknown) => this.noteClosing(problem));
    this.viewer.on('disconnect', () => this.returnIfClosed(this.viewer));
    this.viewer.on('connect_error', () => this.returnIfClosed(this.viewer));
    const wake = (): void => this.reconnectNow();
    addEventListener('online', wake);
    addEventListener('visibilitychange', wake);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', wake);
      removeEventListener('visibilitychange', wake);
      this.stop();
    });
  }

  start(): void {
    this.isWanted = true;
    this.hub.connect();
    this.viewer.connect();
  }

  stop(): void {
    this.isWanted = false;
    clearTimeout(this.returnTimer);
    clearTimeout(this.closingTimer);
    this.hub.disconnect();
    this.viewer.disconnect();
  }

  /** Listens for news of the lists, for as long as the console runs. A message of another shape is dropped and counted. */
  onNews<T>(event: keyof RelayToHub, fits: Shape<T>, listener: (message: T) => void): void {
    this.hub.on(event, (message: unknown) => {
      if (fits(message)) listener(message);
      else this.countDropped();
    });
  }

  countDropped(): void {
    this.droppedCount.update((count) => count + 1);
  }

  /** Doesn't wait for the next attempt: the person asked, or the network came back. */
  reconnectNow(): void {
    if (this.current() !== 'offline' || document.visibilityState === 'hidden') return;
    this.stop();
    this.start();
  }

  dismissClosing(): void {
    clearTimeout(this.closingTimer);
    this.closedFor.set(null);
  }

  private noteClosing(message: unknown): void {
    if (isClosing(message)) this.closedFor.set(message);
    else this.countDropped();
  }

  private becomeOnline(): void {
    clearTimeout(this.closingTimer);
    if (this.closedFor() !== null) this.closingTimer = setTimeout(() => this.closedFor.set(null), CLOSING_SAID_MS);
    this.current.set('online');
    this.lostAt.set(null);
    this.onlineCount.update((count) => count + 1);
  }

  private becomeOffline(): void {
    this.current.set('offline');
    this.lostAt.update((since) => since ?? new Date());
    this.returnIfClosed(this.hub);
  }

  private returnIfClosed(socket: HubSocket | ViewerSocket): void {
    if (socket.active || !this.isWanted) return;
    this.refusalCount.update((count) => count + 1);
    this.comeBackLater();
  }

  private comeBackLater(): void {
    clearTimeout(this.returnTimer);
    this.returnTimer = setTimeout(
      () => {
        this.stop();
        this.start();
      },
      RETURN_MS * (0.5 + Math.random()),
    );
  }
}
