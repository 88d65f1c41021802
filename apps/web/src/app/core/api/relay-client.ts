import { Service, signal } from '@angular/core';
import { type Client, createClient, createConfig } from '@pizzapi/api-client';
import { ApiProblem, networkProblem, parseProblem } from './api-problem';
import { randomKey } from './random-key';

/** Past the service worker, which would turn “no network” into an answer of 504. */
const HEADERS = { accept: 'application/json', 'ngsw-bypass': 'true' };

/**
 * The generated client, with the browser's cookie: what the facades of this folder spread into each call. Whatever
 * goes wrong is thrown as an `ApiProblem`; an aborted call keeps its `AbortError`.
 */
@Service()
export class RelayClient {
  private readonly refusals = signal(0);
  /** Counts answers of 401: the browser's login ended while the console was open. */
  readonly unauthenticated = this.refusals.asReadonly();
  readonly options: { client: Client; throwOnError: true };

  constructor() {
    const client = createClient(
      createConfig({ baseUrl: location.origin, credentials: 'same-origin', headers: HEADERS }),
    );
    client.interceptors.request.use((request) => {
      // So that a retried click creates one thing; a caller that retries by itself brings its own key.
      const isKeyless = request.method === 'POST' && !request.headers.has('Idempotency-Key');
      if (isKeyless) request.headers.set('Idempotency-Key', randomKey());
      return request;
    });
    client.interceptors.error.use((error, response) => this.problem(error, response));
    this.options = { client, throwOnError: true };
  }

  private problem(error: unknown, response: Response | undefined): unknown {
    if (error instanceof ApiProblem) return error;
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    if (!response) return networkProblem();
    return this.refused(response, error);
  }

  /** What an answer that is a refusal says; for those who ask without the generated client too. */
  refused(response: Response, body: unknown): ApiProblem {
    if (response.status === 401) this.refusals.update((count) => count + 1);
    return parseProblem(response, body);
  }
}
