import { Agent, type RequestOptions } from 'node:http';
import type { LookupFunction, TcpNetConnectOpts } from 'node:net';
import { MAX_HEADER_BYTES } from '../../settings.js';
import { TunnelError } from '../../tunnel-error.js';

/** `localhost` without asking anybody. Some servers listen on only one of the two. */
const lookup: LookupFunction = (_hostname, options, answer) => {
  if (!options.all) return answer(null, '127.0.0.1', 4);
  answer(null, [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]);
};

/**
 * A quarter of a second is Node's own patience with the first of two addresses; a busy machine needs longer even for itself. Where nobody
 * listens the second is tried at once.
 */
const PATIENCE = 'autoSelectFamilyAttemptTimeout';
const ATTEMPT_TIMEOUT_MS = 30_000;

const connecting = { lookup, [PATIENCE]: ATTEMPT_TIMEOUT_MS } satisfies Partial<TcpNetConnectOpts>;

/** Shorter than the five seconds after which Node's own servers close a connection that rests. */
const IDLE_MS = 4_000;

/**
 * Connections to ports of this machine that rest until the next request. Node's own names each by all that is asked for, three times for
 * each request.
 */
export class LoopbackAgent extends Agent {
  private readonly names = new Map<RequestOptions['port'], string>();

  constructor() {
    super({ ...connecting, keepAlive: true, maxFreeSockets: 64, timeout: IDLE_MS });
  }

  override getName({ port }: RequestOptions = {}): string {
    const known = this.names.get(port);
    if (known !== undefined) return known;
    const name = `port ${port}`;
    this.names.set(port, name);
    return name;
  }
}

/**
 * How a port of this machine is asked, which is `localhost` to Node where nothing else is said. The parser's limit is above ours, which
 * names what is wrong.
 * @param agent null: by a connection of its own
 */
export function loopbackOptions(port: number, agent: LoopbackAgent | null): RequestOptions {
  const options = { port, setHost: false, maxHeaderSize: 2 * MAX_HEADER_BYTES };
  return agent === null ? { ...options, ...connecting, agent: false } : { ...options, agent };
}

/** What a failed request to a service means to whoever asked. */
export function serviceError(error: Error, port: number): TunnelError {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return new TunnelError('refused', `Nobody listens on port ${port}.`, { cause: error });
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new TunnelError('garbage', `Port ${port} answered with more headers than can be carried.`, { cause: error });
  }
  if (code.startsWith('HPE_')) {
    return new TunnelError('garbage', `What listens on port ${port} does not speak HTTP.`, { cause: error });
  }
  return new TunnelError('garbage', `Port ${port} gave no answer: ${error.message}.`, { cause: error });
}
