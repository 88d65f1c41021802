import { randomUUID } from 'node:crypto';
import {
  Namespace,
  PROTOCOL_VERSION,
  type RelayToRunner,
  type RunnerOrder,
  type RunnerToRelay,
  type SocketAnswer,
  type WorkerReport,
} from '@pizzapi/protocol';
import { io, type Socket } from 'socket.io-client';

type DaemonSocket = Socket<RelayToRunner, RunnerToRelay>;

/** A daemon whose every move the test decides: nothing is reported or done unless it says so. */
export class TestDaemon {
  readonly orders: RunnerOrder[] = [];

  private constructor(
    readonly runnerId: string,
    readonly socket: DaemonSocket,
  ) {
    socket.on('runner:orders', ({ orders }) => this.orders.push(...orders));
  }

  /** Rejects with the relay's refusal. */
  static async connect(url: string, apiKey: string, runnerId: string = randomUUID()): Promise<TestDaemon> {
    const hello = { runnerId, name: 'build-1', platform: 'linux', version: '0.1.0', roots: ['/srv/code'] };
    const socket: DaemonSocket = io(url + Namespace.runner, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { 'x-api-key': apiKey },
      auth: { protocol: PROTOCOL_VERSION, hello },
    });
    const daemon = new TestDaemon(runnerId, socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return daemon;
  }

  report(report: WorkerReport): Promise<SocketAnswer> {
    return this.socket.timeout(5_000).emitWithAck('worker:report', report);
  }

  done(order: RunnerOrder): Promise<SocketAnswer> {
    return this.socket.timeout(5_000).emitWithAck('order:done', { cursor: order.cursor });
  }

  stop(): void {
    this.socket.disconnect();
  }
}
