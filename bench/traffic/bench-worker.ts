import { type AgentToRelay, PROTOCOL_VERSION, type RelayToAgent, type UnnumberedSessionEvent } from '@pizzapi/protocol';
import { io, type Socket } from 'socket.io-client';
import { EventOutbox } from '../../apps/runner/src/worker/event-outbox.js';
import { EventPump } from '../../apps/runner/src/worker/event-pump.js';

const ANSWER_TIMEOUT_MS = 30_000;

/** A worker's connection made of the real worker's own outbox and pump, without an agent behind it. */
export class BenchWorker {
  private readonly outbox = new EventOutbox();
  private readonly pump: EventPump;
  private readonly socket: Socket<RelayToAgent, AgentToRelay>;

  private constructor(url: string, token: string) {
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { token, protocol: PROTOCOL_VERSION },
    });
    this.pump = new EventPump({
      outbox: this.outbox,
      send: (events) => this.socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('agent:events', { events }),
      onTrouble: (refusal) => {
        throw new Error(`The server did not take a batch: ${refusal?.detail ?? 'no answer'}`);
      },
    });
  }

  /** @returns the worker and the last number before its first event */
  static async connect(
    url: string,
    token: string,
    sessionId: string,
  ): Promise<{ worker: BenchWorker; lastSeq: number }> {
    const worker = new BenchWorker(url, token);
    await new Promise<void>((resolve, reject) => {
      worker.socket.once('connect', resolve);
      worker.socket.once('connect_error', reject);
    });
    // Any number above those of workers before this one.
    const epoch = Date.now();
    const answer = await worker.socket
      .timeout(ANSWER_TIMEOUT_MS)
      .emitWithAck('agent:register', { sessionId, epoch, nextSeq: null });
    if (!answer.ok) throw new Error(`The worker was refused: ${answer.problem.detail}`);
    worker.outbox.resume(answer.lastSeq, []);
    worker.pump.start();
    return { worker, lastSeq: answer.lastSeq };
  }

  send(event: UnnumberedSessionEvent): void {
    this.outbox.add(event);
    this.pump.schedule();
  }

  /** Resolves when the server has acknowledged everything. */
  async flushed(): Promise<void> {
    await this.pump.drain(60_000);
  }
}
