import {
  Namespace,
  type RelayToViewer,
  type SessionEvent,
  type SessionState,
  type TranscriptPage,
  type ViewerToRelay,
} from '@pizzapi/protocol';
import { io, type Socket } from 'socket.io-client';
import { checkedHeaders } from './checked-headers.js';

/** What a viewer's log of one session shows. */
export interface ViewerCount {
  applied: number;
  duplicates: number;
  gaps: number;
  foreign: number;
  resyncs: number;
}

/** A viewer that keeps count: it applies events by the protocol's rules and notices every gap, repetition or foreign event. */
export class TestViewer {
  readonly events: SessionEvent[] = [];
  readonly count: ViewerCount = { applied: 0, duplicates: 0, gaps: 0, foreign: 0, resyncs: 0 };
  page: TranscriptPage | null = null;
  state: SessionState | null = null;
  readonly socket: Socket<RelayToViewer, ViewerToRelay>;
  private cursor: number | null;
  private waiters: { seq: number; resolve: () => void }[] = [];

  constructor(
    relayUrl: string,
    apiKey: string,
    readonly sessionId: string,
    afterSeq: number | null = 0,
  ) {
    this.cursor = afterSeq;
    this.socket = io(relayUrl + Namespace.viewer, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      extraHeaders: checkedHeaders({ 'x-api-key': apiKey }),
    });
    this.socket.on('connect', () => this.attach());
    this.socket.on('session:events', ({ sessionId, events }) => this.apply(sessionId, events));
    this.socket.on('session:resync', ({ sessionId, page, nextSeq, state }) => {
      if (sessionId !== this.sessionId) this.count.foreign++;
      this.count.resyncs++;
      this.page = page;
      this.state = state;
      this.cursor = nextSeq - 1;
      this.settle();
    });
  }

  get lastSeq(): number {
    return this.cursor ?? 0;
  }

  /** Resolves when the viewer has everything up to `seq`. */
  async reached(seq: number): Promise<void> {
    if (this.lastSeq >= seq) return;
    await new Promise<void>((resolve) => this.waiters.push({ seq, resolve }));
  }

  /** Stops reading from the network, as a phone in a tunnel does; the connection stays. */
  pauseNetwork(): void {
    this.network.pause();
  }

  resumeNetwork(): void {
    this.network.resume();
  }

  stop(): void {
    this.socket.disconnect();
  }

  private get network(): NetworkHandle {
    const transport: unknown = this.socket.io.engine.transport;
    if (!hasWebSocket(transport)) throw new Error('The viewer has no open WebSocket.');
    return transport.ws;
  }

  private attach(): void {
    this.socket.emit('session:attach', { sessionId: this.sessionId, afterSeq: this.cursor }, (answer) => {
      if (!answer.ok && answer.problem.code !== 'not_found') this.socket.io.engine.close(); // comes back and tries again
    });
  }

  private apply(sessionId: string, events: SessionEvent[]): void {
    if (sessionId !== this.sessionId) this.count.foreign += events.length;
    for (const event of events) {
      const last = this.lastSeq;
      if (event.seq <= last) {
        this.count.duplicates++;
        continue;
      }
      if (event.seq !== last + 1) this.count.gaps++;
      this.cursor = event.seq;
      this.count.applied++;
      this.events.push(event);
    }
    this.settle();
  }

  private settle(): void {
    const done = this.waiters.filter(({ seq }) => seq <= this.lastSeq);
    this.waiters = this.waiters.filter(({ seq }) => seq > this.lastSeq);
    for (const { resolve } of done) resolve();
  }
}

/** What `ws` offers of its connection; Engine.IO's types do not show it. */
interface NetworkHandle {
  pause(): void;
  resume(): void;
}

function hasWebSocket(transport: unknown): transport is { ws: NetworkHandle } {
  return typeof transport === 'object' && transport !== null && 'ws' in transport;
}
