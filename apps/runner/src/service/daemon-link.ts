import { parseDaemonMessage, type DaemonMessage, type ServiceMessage } from '../service-link/messages.js';

/** The process's end of the channel to the daemon. */
export class DaemonLink {
  private readonly send: NonNullable<NodeJS.Process['send']>;

  /** @throws when the process was not started by a daemon */
  constructor() {
    if (!process.send) throw new Error('A service is started by the daemon.');
    this.send = process.send.bind(process);
    // Many packages take a process with a channel for a worker of their own kind, and write to it.
    delete process.send;
  }

  /** Resolves when it was handed over, or nobody is there any more. */
  tell(message: ServiceMessage): Promise<void> {
    if (!process.connected) return Promise.resolve();
    return new Promise((resolve) => this.send(message, undefined, undefined, () => resolve()));
  }

  onMessage(handle: (message: DaemonMessage) => void): void {
    process.on('message', (value) => {
      const message = parseDaemonMessage(value);
      if (message) handle(message);
      else process.stderr.write('The runner sent a message that this service process does not know.\n');
    });
  }

  /** The daemon ended, in whatever way. */
  onGone(handle: () => void): void {
    process.once('disconnect', handle);
  }
}
