import type { RelayToViewer, SessionEvent, ViewerToRelay } from '@pizzapi/protocol';
import { io, type Socket } from 'socket.io-client';
import { ageMs } from './stamp.js';

/** What the bare server sends when it does not batch: one event a message. */
interface BareToViewer {
  'session:event': (event: SessionEvent) => void;
}

/** A viewer that does nothing but count: as little work of its own as possible. */
export class CountingViewer {
  lastSeq = 0;
  /** Numbers it did not get: jumped over by a gap or a resync. */
  missed = 0;
  received = 0;
  duplicates = 0;
  /** Ages of stamped events on arrival, in milliseconds. */
  readonly ages: number[] = [];
  private readonly socket: Socket<RelayToViewer & BareToViewer, ViewerToRelay>;

  constructor(
    url: string,
    extraHeaders: Record<string, string>,
    private readonly sessionId: string,
    private readonly afterSeq: number,
    private readonly onProgress: (seq: number) => void,
  ) {
    this.lastSeq = afterSeq;
    this.socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders });
    this.socket.on('session:event', (event) => this.take(event));
    this.socket.on('session:events', ({ events }) => {
      for (const event of events) this.take(event);
    });
    this.socket.on('session:resync', ({ nextSeq }) => {
      this.missed += Math.max(0, nextSeq - 1 - this.lastSeq);
      this.lastSeq = nextSeq - 1;
      this.onProgress(this.lastSeq);
    });
    this.socket.on('disconnect', (reason) => {
      throw new Error(`A viewer lost its connection: ${reason}`);
    });
  }

  async attached(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once('connect', resolve);
      this.socket.once('connect_error', reject);
    });
    const answer = await this.socket
      .timeout(20_000)
      .emitWithAck('session:attach', { sessionId: this.sessionId, afterSeq: this.afterSeq });
    if (!answer.ok) throw new Error(`Attaching was refused: ${answer.problem.detail}`);
  }

  private take(event: SessionEvent): void {
    if (event.seq <= this.lastSeq) {
      this.duplicates++;
      return;
    }
    this.missed += event.seq - this.lastSeq - 1;
    this.received++;
    this.lastSeq = event.seq;
    if (event.type === 'tool.output') {
      const age = ageMs(event.data.delta);
      if (age !== null) this.ages.push(age);
    }
    this.onProgress(event.seq);
  }
}
