import type { TunnelTarget } from '../../target.js';
import { answerError } from '../answer-error.js';
import type { StreamHandler } from '../answering-end.js';
import { isWebSocket } from '../incoming-stream.js';
import { LoopbackAgent } from './connect.js';
import { LoopbackRequest } from './loopback-request.js';
import { LoopbackUpgrade } from './loopback-upgrade.js';

export interface LoopbackOptions {
  /**
   * The port of this machine where the target listens now.
   * @throws TunnelError `denied` or `refused`
   */
  portOf: (target: TunnelTarget) => number | Promise<number>;
}

/** Hands each stream to a service that listens on this machine. */
export function toLoopback({ portOf }: LoopbackOptions): StreamHandler {
  const agent = new LoopbackAgent();
  return (incoming) => {
    const begin = (port: number): void => {
      if (incoming.stream.destroyed) return;
      if (isWebSocket(incoming)) new LoopbackUpgrade(incoming, port);
      else new LoopbackRequest(incoming, port, agent);
    };
    const port = portOf(incoming.address.target);
    if (typeof port === 'number') return begin(port);
    port.then(begin).catch((error: unknown) => answerError(incoming.stream, error));
  };
}
