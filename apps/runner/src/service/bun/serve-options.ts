import { BunRoutes, type Handler } from './bun-routes.js';
import { BunServeError } from './bun-serve-error.js';
import type { BunSocketHandlers } from './bun-websocket.js';

/** The options of `Bun.serve` that count here. */
export interface ServeOptions {
  /** For what no route is for. */
  fetch: Handler;
  routes: BunRoutes | null;
  /** 0: one that is free. */
  port: number;
  /** Makes the answer when `fetch` throws. */
  error: ((error: unknown) => unknown) | undefined;
  websocket: BunSocketHandlers | undefined;
}

const UNSUPPORTED = ['unix', 'tls', 'static'];
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

/** @throws BunServeError */
export function parseServeOptions(options: unknown, log: (text: string) => void): ServeOptions {
  const unsupported = UNSUPPORTED.find((name) => optionOf(options, name) !== undefined);
  if (unsupported !== undefined)
    throw new BunServeError(
      `the option "${unsupported}" is not there in a service; use fetch, routes, port, websocket and error`,
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
  const routes = optionOf(options, 'routes');
  if (!isFunction(fetch) && !(routes instanceof Object))
    throw new BunServeError('needs a function "fetch", or "routes"');
  return {
    fetch: isFunction(fetch) ? fetch : nothingThere,
    routes: routes instanceof Object ? new BunRoutes(routes) : null,
    error: isFunction(error) ? error : undefined,
    websocket: websocket instanceof Object ? websocket : undefined,
  };
}

function nothingThere(): Response {
  return new Response('Not Found', { status: 404 });
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
