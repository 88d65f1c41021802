import { TestBed } from '@angular/core/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from './api-problem';
import { Rest } from './rest';

function answer(status: number, body: string, type = 'application/json'): void {
  vi.spyOn(globalThis, 'fetch').mockImplementation(() =>
    Promise.resolve(new Response(body, { status, headers: { 'content-type': type } })),
  );
}

async function problemOf(call: Promise<unknown>): Promise<ApiProblem> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ApiProblem) return error;
  throw new Error('It should have been refused');
}

describe('Rest', () => {
  afterEach(() => vi.restoreAllMocks());

  it('reads problem details with their fields', async () => {
    answer(
      400,
      JSON.stringify({
        code: 'invalid_request',
        detail: 'Look again.',
        requestId: 'r1',
        errors: [{ path: 'email', message: 'No @.' }, 7],
      }),
    );
    const problem = await problemOf(TestBed.inject(Rest).post('register', {}));
    expect(problem.is('invalid_request')).toBe(true);
    expect(problem.message).toBe('Look again.');
    expect(problem.field('email')).toBe('No @.');
    expect(problem.requestId).toBe('r1');
  });

  it('is not led astray by a proxy’s page', async () => {
    answer(502, '<html>Bad gateway</html>', 'text/html');
    const problem = await problemOf(TestBed.inject(Rest).get('runners'));
    expect([problem.status, problem.code]).toEqual([502, 'unreadable_answer']);
  });

  it('says plainly that the relay did not answer', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('failed'));
    expect((await problemOf(TestBed.inject(Rest).get('runners'))).is('network_failed')).toBe(true);
  });

  it('counts a 401, so that the shell can go to the login', async () => {
    answer(401, JSON.stringify({ code: 'unauthenticated', detail: 'Sign in.' }));
    const rest = TestBed.inject(Rest);
    await problemOf(rest.get('sessions'));
    expect(rest.unauthenticated()).toBe(1);
  });

  it('sends an idempotency key with every POST and leaves empty query values out', async () => {
    answer(200, '{}');
    const rest = TestBed.inject(Rest);
    await rest.post('sessions', { a: 1 }, 'key-1');
    await rest.get('sessions', { q: '', cursor: undefined, limit: 2 });
    const [post, get] = vi.mocked(fetch).mock.calls;
    expect(post?.[1]?.headers).toMatchObject({ 'idempotency-key': 'key-1' });
    expect(get?.[0]).toBe('/api/sessions?limit=2');
  });
});
