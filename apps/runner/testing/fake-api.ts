import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { FakeServices } from './fake-services.js';

export const API_KEY = 'pza_test_key';
export const ENROLMENT_SECRET = 'one-time-secret';

/** What a runner and its services ask of the relay's REST. */
export class FakeApi {
  readonly keys = new Set([API_KEY]);
  readonly services = new FakeServices();
  enrolments = 0;

  constructor(private readonly onChange: () => void) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/socket.io')) return;
    const body: unknown = JSON.parse((await text(request)) || '{}');
    const { status, content } = this.answerTo(request, body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  }

  private answerTo({ url, headers }: IncomingMessage, body: unknown): { status: number; content: object } {
    if (url === '/api/runners/enrol') return this.enrol(fieldOf(body, 'secret'));
    const apiKey = String(headers['x-api-key']);
    if (url?.endsWith('/trigger-broadcast')) {
      const answer = this.services.fire(apiKey, body, headers['idempotency-key']?.toString());
      this.onChange();
      return answer;
    }
    if (!this.keys.has(apiKey)) return refused(401, 'unauthenticated', 'This key is not valid.');
    if (url?.endsWith('/worker-tokens'))
      return { status: 201, content: { token: `token:${String(fieldOf(body, 'sessionId'))}` } };
    return refused(404, 'not_found', 'There is no such path.');
  }

  private enrol(secret: unknown): { status: number; content: object } {
    this.enrolments += 1;
    if (secret !== ENROLMENT_SECRET) return refused(401, 'unauthenticated', 'The secret is not valid.');
    return { status: 201, content: { apiKey: API_KEY } };
  }
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

function refused(status: number, code: string, detail: string): { status: number; content: object } {
  return { status, content: { code, detail } };
}
