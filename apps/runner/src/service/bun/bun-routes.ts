import { BunServeError } from './bun-serve-error.js';

/** As Bun calls it: the server is also `this`. */
export type Handler = (request: Request, server: unknown) => unknown;

type Target = Handler | ReadonlyMap<string, Handler>;

interface Route {
  segments: readonly string[];
  target: Target;
}

export interface RouteMatch {
  handler: Handler;
  /** What stood in the place of `:name`. */
  params: Record<string, string>;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The `routes` option of `Bun.serve`: `/path`, `/users/:id`, `/files/*`; the more exact one counts, whatever its place. */
export class BunRoutes {
  private readonly routes: readonly Route[];

  /** @throws BunServeError for what stands for no answer */
  constructor(routes: object) {
    this.routes = Object.entries(routes)
      .flatMap(([path, value]: [string, unknown]) => routeOf(path, value))
      .sort((one, other) => byExactness(one.segments, other.segments));
  }

  /** Undefined: no route is for it, so it is for `fetch`. */
  match(method: string, pathname: string): RouteMatch | undefined {
    const segments = pathname.split('/');
    for (const { segments: pattern, target } of this.routes) {
      const params = paramsOf(pattern, segments);
      const handler = params && handlerFor(target, method);
      if (handler) return { handler, params };
    }
    return undefined;
  }
}

function routeOf(path: string, value: unknown): Route[] {
  if (value === false) return []; // as Bun has it: left to `fetch`
  const target = targetOf(value);
  if (!path.startsWith('/') || !target)
    throw new BunServeError(
      `the route "${path}" is none: a path that begins with "/" leads to a function, a Response, or an object of those by method`,
    );
  return [{ segments: path.split('/'), target }];
}

function targetOf(value: unknown): Target | null {
  const handler = handlerOf(value);
  if (handler || !(value instanceof Object)) return handler;
  const byMethod = Object.entries(value).flatMap(([method, each]: [string, unknown]) => {
    const one = METHODS.includes(method) ? handlerOf(each) : null;
    return one ? [[method, one] as const] : [];
  });
  return byMethod.length === 0 ? null : new Map(byMethod);
}

function handlerOf(value: unknown): Handler | null {
  if (isHandler(value)) return value;
  if (value instanceof Blob) return () => new Response(value);
  return value instanceof Response ? answering(value) : null;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

/** The same answer to everybody, whose body can be read only once. */
function answering(response: Response): Handler {
  let body: Promise<ArrayBuffer | null> | undefined;
  return async () => {
    body ??= response.body === null ? Promise.resolve(null) : response.arrayBuffer();
    return new Response(await body, response);
  };
}

function handlerFor(target: Target, method: string): Handler | undefined {
  if (typeof target === 'function') return target;
  return target.get(method) ?? (method === 'HEAD' ? target.get('GET') : undefined);
}

/** Null: it does not match. */
function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  const isOpen = pattern.at(-1) === '*';
  if (isOpen ? segments.length < pattern.length : segments.length !== pattern.length) return null;
  const params: [string, string][] = [];
  for (const [at, wanted] of pattern.entries()) {
    const segment = segments[at] ?? '';
    if (wanted === '*' && at === pattern.length - 1) break;
    if (wanted.startsWith(':') && segment !== '') params.push([wanted.slice(1), decoded(segment)]);
    else if (wanted !== segment) return null;
  }
  return Object.fromEntries(params);
}

function byExactness(one: readonly string[], other: readonly string[]): number {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const difference = vagueness(one[at]) - vagueness(other[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function vagueness(segment: string | undefined): number {
  if (segment === '*') return 2;
  return segment?.startsWith(':') ? 1 : 0;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // half an escape: as it was written
  }
}
