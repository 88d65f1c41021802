import { waitFor } from '@pizzapi/testing';
import { io, type Socket } from 'socket.io-client';

export interface Refusal {
  code: string;
  detail: string;
}

export type Answer = { ok: true } | { ok: false; problem: Refusal };

interface Handshake {
  headers?: Record<string, string>;
  auth?: object;
}

/** A client that keeps to no catalog. */
export class HostileSocket {
  /** What the relay said before it closed the connection. */
  closing: Refusal | null = null;
  private readonly socket: Socket;

  private constructor(url: string, { headers = {}, auth = {} }: Handshake) {
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: headers,
      auth,
    });
    this.socket.on('relay:closing', (problem: Refusal) => (this.closing = problem));
  }

  static async connect(url: string, handshake: Handshake = {}): Promise<HostileSocket> {
    const hostile = new HostileSocket(url, handshake);
    await new Promise<void>((resolve, reject) => {
      hostile.socket.once('connect', resolve);
      hostile.socket.once('connect_error', reject);
    });
    return hostile;
  }

  /** Why a handshake is refused. */
  static async refusal(url: string, handshake: Handshake = {}): Promise<Partial<Refusal>> {
    const hostile = new HostileSocket(url, handshake);
    try {
      return await new Promise((resolve, reject) => {
        hostile.socket.once('connect', () => reject(new Error(`${url} let the client in.`)));
        hostile.socket.once('connect_error', (error) => resolve('data' in error ? { ...Object(error.data) } : {}));
      });
    } finally {
      hostile.stop();
    }
  }

  get isConnected(): boolean {
    return this.socket.connected;
  }

  ask(name: string, ...args: unknown[]): Promise<Answer> {
    return this.socket.timeout(30_000).emitWithAck(name, ...args);
  }

  tell(name: string, ...args: unknown[]): void {
    this.socket.emit(name, ...args);
  }

  async closed(): Promise<void> {
    await waitFor(() => !this.socket.connected, { description: 'the relay closes the connection' });
  }

  stop(): void {
    this.socket.disconnect();
  }
}
