import type { BunSocketHandlers } from './bun-websocket.js';

/** As Bun calls it: the server is also `this`. */
type Fetch = (request: Request, server: unknown) => unknown;

/** The options of `Bun.serve` that count here. */
export interface ServeOptions {
  fetch: Fetch;
  /** 0: any free one. */
  port: number;
  /** Makes the answer when `fetch` throws. */
  error: ((error: unknown) => unknown) | undefined;
  websocket: BunSocketHandlers | undefined;
}

/** `Bun.serve` was called with what it cannot do here. */
export class BunServeError extends Error {
  readonly code = 'bun_serve';

  constructor(reason: string, options?: ErrorOptions) {
    super(`Bun.serve: ${reason}`, options);
    this.name = 'BunServeError';
  }
}

const UNSUPPORTED = ['unix', 'tls', 'routes'];
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

/** @throws BunServeError */
export function parseServeOptions(options: unknown, log: (text: string) => void): ServeOptions {
  const unsupported = UNSUPPORTED.find((name) => optionOf(options, name) !== undefined);
  if (unsupported !== undefined)
    throw new BunServeError(
      `the option "${unsupported}" is not there in a service; use fetch, port, websocket and error`,
    );
  const hostname = optionOf(options, 'hostname');
  if (typeof hostname === 'string' && !LOOPBACK_NAMES.has(hostname))
    log(`Bun.serve: listens on this machine alone, not on ${hostname}; the panel is reached through the relay`);
  return { ...parseHandlers(options), port: parsePort(optionOf(options, 'port')) };
}

/** Those that `server.reload` changes. @throws BunServeError */
export function parseHandlers(options: unknown): Omit<ServeOptions, 'port'> {
  const fetch = optionOf(options, 'fetch');
  const error = optionOf(options, 'error');
  const websocket = optionOf(options, 'websocket');
  if (!isFunction(fetch)) throw new BunServeError('needs a function "fetch"');
  return {
    fetch,
    error: isFunction(error) ? error : undefined,
    websocket: websocket instanceof Object ? websocket : undefined,
  };
}

/** Bun's default: what the environment says, else 3000. */
function parsePort(port: unknown): number {
  const { PORT: inEnvironment = '3000' } = process.env;
  const number = Number(port ?? inEnvironment);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new BunServeError(`"${String(port)}" is not a port`);
}

function optionOf(options: unknown, name: string): unknown {
  return options instanceof Object ? Reflect.get(options, name) : undefined;
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}
