import { TestBed } from '@angular/core/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AccountApi } from './account-api';
import { ApiKeysApi } from './api-keys-api';
import { ApiProblem } from './api-problem';
import { MembersApi } from './members-api';
import { RelayClient } from './relay-client';
import { RunnersApi } from './runners-api';
import { SessionsApi } from './sessions-api';

/** Lists of the right names with items of another shape. */
const WRONG = Object.fromEntries(
  ['sessions', 'entries', 'folders', 'inputs', 'runners', 'models', 'apiKeys', 'members', 'invitations'].map((name) => [
    name,
    [{ title: 'of a newer relay' }],
  ]),
);
const asked: Request[] = [];

function answer(status: number, body: string, type = 'application/json'): void {
  vi.spyOn(globalThis, 'fetch').mockImplementation((request) => {
    if (request instanceof Request) asked.push(request);
    return Promise.resolve(new Response(body, { status, headers: { 'content-type': type } }));
  });
}

async function problemOf(call: Promise<unknown>): Promise<ApiProblem> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ApiProblem) return error;
  throw new Error(`It should have been refused, not ${String(error)}`);
}

describe('RelayClient', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    asked.length = 0;
  });

  it('throws problem details with their fields', async () => {
    const fields = [{ path: 'email', message: 'No @.' }, 7];
    answer(400, JSON.stringify({ code: 'invalid_request', detail: 'Look again.', requestId: 'r1', errors: fields }));
    const problem = await problemOf(TestBed.inject(AccountApi).login({ email: 'x', password: 'y' }));
    expect(problem.is('invalid_request')).toBe(true);
    expect(problem.message).toBe('Look again.');
    expect(problem.field('email')).toBe('No @.');
    expect(problem.requestId).toBe('r1');
  });

  it('is not led astray by a proxy’s page', async () => {
    answer(502, '<html>Bad gateway</html>', 'text/html');
    const problem = await problemOf(TestBed.inject(SessionsApi).list({}));
    expect([problem.status, problem.code]).toEqual([502, 'unreadable_answer']);
  });

  it('ends a session also while the page goes away, which is when what was not undone is done', async () => {
    answer(202, '{}');
    await TestBed.inject(SessionsApi).stop('s1');
    expect(asked.map(({ keepalive }) => keepalive)).toEqual([true]);
  });

  it('says plainly that the relay did not answer', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('failed'));
    expect((await problemOf(TestBed.inject(SessionsApi).list({}))).is('network_failed')).toBe(true);
  });

  it('leaves an aborted call what it is', async () => {
    const abort = new DOMException('Stopped', 'AbortError');
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(abort);
    await expect(TestBed.inject(SessionsApi).list({})).rejects.toBe(abort);
  });

  it('counts a 401, so that the shell can go to the login', async () => {
    const forScripts = 'Log in, or send an API key in the header x-api-key.';
    answer(401, JSON.stringify({ code: 'unauthenticated', detail: forScripts }));
    const problem = await problemOf(TestBed.inject(SessionsApi).list({}));
    expect(problem.message).toBe('You are signed out. Sign in again, then retry.');
    expect(TestBed.inject(RelayClient).unauthenticated()).toBe(1);
  });

  it('sends an idempotency key with every POST, the caller’s where there is one', async () => {
    answer(200, '{"sessions": [], "sessionId": "s1"}');
    const api = TestBed.inject(SessionsApi);
    await api.create({ runnerId: 'r1' }, 'mine');
    await api.stop('s1');
    await api.list({ limit: 2 });
    const keys = asked.map((request) => request.headers.get('idempotency-key'));
    expect(keys[0]).toBe('mine');
    expect(keys[1]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[2]).toBeNull();
    expect(asked[2]?.url).toBe(`${location.origin}/api/sessions?limit=2`);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['sessions', () => TestBed.inject(SessionsApi).list({ limit: 2 })],
    ['a transcript', () => TestBed.inject(SessionsApi).transcript('s1', {})],
    ['recent folders', () => TestBed.inject(SessionsApi).recentFolders('r1')],
    ['waiting inputs', () => TestBed.inject(SessionsApi).inputs('s1')],
    ['runners', () => TestBed.inject(RunnersApi).list()],
    ['models', () => TestBed.inject(RunnersApi).models('r1')],
    ['folders', () => TestBed.inject(RunnersApi).folders('r1', undefined)],
    ['keys', () => TestBed.inject(ApiKeysApi).list()],
    ['a new key', () => TestBed.inject(ApiKeysApi).create({ name: 'x' })],
    ['members', () => TestBed.inject(MembersApi).members()],
    ['invitations', () => TestBed.inject(MembersApi).invitations()],
    ['a new invitation', () => TestBed.inject(MembersApi).invite({})],
    ['the account', () => TestBed.inject(AccountApi).me()],
    ['the set-up', () => TestBed.inject(AccountApi).setup()],
  ])('refuses %s that it was not built for', async (_, ask) => {
    answer(200, JSON.stringify(WRONG));
    await expect(ask()).rejects.toMatchObject({ code: 'unexpected_answer' });
  });

  it('takes the answers that it was built for', async () => {
    const model = { provider: 'demo', id: 'demo', name: 'Demo', contextWindow: 1, isDefault: true };
    answer(200, JSON.stringify({ models: [model] }));
    expect(await TestBed.inject(RunnersApi).models('r1')).toEqual({ models: [model] });
    const invitation = { id: 'i1', email: null, role: 'member', createdAt: 'a', expiresAt: 'b' };
    answer(200, JSON.stringify({ invitations: [invitation], nextCursor: 'c' }));
    expect(await TestBed.inject(MembersApi).invitations()).toEqual({ invitations: [invitation], nextCursor: 'c' });
  });
});
