import { Service, signal } from '@angular/core';
import { networkProblem, parseProblem } from './api-problem';
import { randomKey } from './random-key';

/** Past the service worker, which would turn “no network” into an answer of 504. */
const STANDING_HEADERS = { accept: 'application/json', 'ngsw-bypass': 'true' };

type Query = Record<string, string | number | boolean | undefined>;

/**
 * Calls to the relay's REST surface with the browser's cookie. Used only by the facades of this folder, so that the
 * generated client can take its place without a change elsewhere.
 */
@Service()
export class Rest {
  /** Counts answers of 401: the browser's login ended while the console was open. */
  private readonly refusals = signal(0);
  readonly unauthenticated = this.refusals.asReadonly();

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.call<T>('GET', path + queryText(query), undefined, signal);
  }

  /** A POST carries an idempotency key, so that a retried click creates one thing. */
  post<T = void>(path: string, body?: object, idempotencyKey = randomKey()): Promise<T> {
    return this.call<T>('POST', path, body ?? {}, undefined, { 'idempotency-key': idempotencyKey });
  }

  patch<T = void>(path: string, body: object): Promise<T> {
    return this.call<T>('PATCH', path, body);
  }

  put<T = void>(path: string, body?: object): Promise<T> {
    return this.call<T>('PUT', path, body);
  }

  delete<T = void>(path: string): Promise<T> {
    return this.call<T>('DELETE', path);
  }

  private async call<T>(
    method: string,
    path: string,
    body?: object,
    signal?: AbortSignal,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await this.send(`/api/${path}`, {
      method,
      headers: { ...STANDING_HEADERS, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      credentials: 'same-origin',
      // A deletion that was put off for an undo may be sent while the page goes away.
      keepalive: method === 'DELETE',
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    });
    const answer: unknown = await readJson(response);
    if (response.ok) return answer as T;
    if (response.status === 401) this.refusals.update((count) => count + 1);
    throw parseProblem(response, answer);
  }

  private async send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw networkProblem();
    }
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's HTML page: the caller reads the status instead.
    return undefined;
  }
}

function queryText(query: Query): string {
  const entries = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  );
  const text = new URLSearchParams(entries).toString();
  return text === '' ? '' : `?${text}`;
}
