import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RelayApi } from '@pizzapi/testing';
import { startCluster, type TestCluster } from '../../../../testing/relay-fixture.js';

interface Registered {
  user: { id: string; name: string; email: string };
  organisation: { id: string; role: string };
  apiKey?: string;
}
interface Refused {
  code: string;
  status: number;
  detail: string;
  requestId: string;
  errors?: { path: string; message: string }[];
}

const ada = { email: 'Ada@Example.com', password: 'correct horse' };
const grace = { email: 'grace@example.com', password: 'battery staple' };

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster[Symbol.asyncDispose]());

async function relay(env: Record<string, string> = {}): Promise<RelayApi> {
  return new RelayApi((await cluster.start({ PIZZAPI_REGISTRATION: 'invite', PIZZAPI_HOST: '127.0.0.1', ...env })).url);
}

describe('the first account', () => {
  it('owns an organisation and gets a key that works immediately', async () => {
    const api = await relay();
    expect((await api.get('/api/auth/setup')).body).toEqual({
      hasAccounts: false,
      registration: 'invite',
      setupCodeRequired: false,
    });

    const answer = await api.post<Registered>('/api/register', ada);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      user: { name: 'ada', email: 'ada@example.com' },
      organisation: { role: 'owner' },
    });
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);

    const me = await new RelayApi(api.baseUrl, answer.body.apiKey ?? '').get('/api/auth/me');
    expect(me.body).toMatchObject({
      user: answer.body.user,
      organisation: { ...answer.body.organisation, name: "ada's organisation" },
    });
    expect((await api.get('/api/auth/setup')).body).toMatchObject({ hasAccounts: true });
  });

  it.each(['sqlite', 'postgres'] as const)('is one of two that register at the same moment (%s)', async (kind) => {
    await using other = await startCluster(kind);
    const first = await other.start({ PIZZAPI_REGISTRATION: 'invite' });
    // An SQLite file belongs to one relay.
    const second = kind === 'postgres' ? await other.start({ PIZZAPI_REGISTRATION: 'invite' }) : first;
    const urls = [first.url, second.url];
    const answers = await Promise.all(
      urls.map((url, n) =>
        new RelayApi(url).post<Registered & Refused>('/api/register', { ...ada, email: `racer${n}@example.com` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403]);
    expect(answers.find(({ status }) => status === 403)?.body.code).toBe('registration_closed');
  });

  it('needs the set-up code if the relay can be reached from other machines', async () => {
    const printed: string[] = [];
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (chunk: string | Uint8Array) => {
      printed.push(String(chunk));
      return true;
    };
    const api = await relay({ PIZZAPI_HOST: '0.0.0.0' }).finally(() => (process.stdout.write = write));
    const code = /Set-up code for the first account: (\w+)/.exec(printed.join(''))?.[1];

    expect((await api.get('/api/auth/setup')).body).toMatchObject({ setupCodeRequired: true });
    expect((await api.post<Refused>('/api/register', ada)).body.code).toBe('setup_code_invalid');
    expect((await api.post<Refused>('/api/register', { ...ada, setupCode: 'WRONG' })).body.code).toBe(
      'setup_code_invalid',
    );
    expect((await api.post('/api/register', { ...ada, setupCode: code?.toLowerCase() })).status).toBe(201);
  });
});

describe('later accounts', () => {
  it('join an organisation by an invitation, which works once', async () => {
    const api = await relay();
    const owner = await api.post<Registered>('/api/register', ada);
    const keyed = new RelayApi(api.baseUrl, owner.body.apiKey ?? '');
    expect((await api.post<Refused>('/api/register', grace)).body.code).toBe('registration_closed');

    const invited = await keyed.post<{ id: string; token: string; url: string }>('/api/invitations', {
      role: 'reader',
    });
    expect(invited.body.url).toBe(`http://localhost:0/register#invitation=${invited.body.token}`);
    const listed = await keyed.get<{ invitations: { id: string }[] }>('/api/invitations');
    expect(listed.body.invitations.map(({ id }) => id)).toEqual([invited.body.id]);
    expect(JSON.stringify(listed.body)).not.toContain(invited.body.token);

    const joined = await api.post<Registered>('/api/register', { ...grace, invitation: invited.body.token });
    expect(joined.body.organisation).toEqual({ id: owner.body.organisation.id, role: 'reader' });
    const again = await api.post<Refused>('/api/register', {
      ...grace,
      email: 'eve@example.com',
      invitation: invited.body.token,
    });
    expect(again.body.code).toBe('invitation_invalid');
    expect((await keyed.get<{ members: object[] }>('/api/members')).body.members).toHaveLength(2);
    expect((await keyed.get<{ invitations: object[] }>('/api/invitations')).body.invitations).toHaveLength(0);

    const reader = new RelayApi(api.baseUrl, joined.body.apiKey ?? '');
    expect((await reader.post('/api/invitations', {})).status).toBe(403);
  });

  it('cannot be invited again', async () => {
    const api = await relay();
    const owner = await api.post<Registered>('/api/register', ada);
    const keyed = new RelayApi(api.baseUrl, owner.body.apiKey ?? '');
    expect(await keyed.post('/api/invitations', { email: 'ADA@example.com' })).toMatchObject({
      status: 409,
      body: { code: 'already_member', detail: expect.stringContaining('ada@example.com has an account') as string },
    });
    expect((await keyed.get<{ invitations: object[] }>('/api/invitations')).body.invitations).toHaveLength(0);
    expect((await keyed.post('/api/invitations', { email: 'grace@example.com' })).status).toBe(201);
  });

  it('cannot use an invitation that was withdrawn or is for another address', async () => {
    const api = await relay();
    const owner = await api.post<Registered>('/api/register', ada);
    const keyed = new RelayApi(api.baseUrl, owner.body.apiKey ?? '');
    const personal = await keyed.post<{ id: string; token: string }>('/api/invitations', {
      email: 'linus@example.com',
    });
    expect((await api.post<Refused>('/api/register', { ...grace, invitation: personal.body.token })).body.code).toBe(
      'invitation_invalid',
    );
    expect((await keyed.delete(`/api/invitations/${personal.body.id}`)).status).toBe(204);
    expect(
      (
        await api.post<Refused>('/api/register', {
          ...grace,
          email: 'linus@example.com',
          invitation: personal.body.token,
        })
      ).status,
    ).toBe(403);
  });

  it('get their own organisation if registration is open, and see nothing of the others', async () => {
    const api = await relay({ PIZZAPI_REGISTRATION: 'open' });
    const [first, second] = [
      await api.post<Registered>('/api/register', ada),
      await api.post<Registered>('/api/register', grace),
    ];
    expect(second.body.organisation.role).toBe('owner');
    expect(second.body.organisation.id).not.toBe(first.body.organisation.id);

    const stranger = new RelayApi(api.baseUrl, second.body.apiKey ?? '');
    expect(JSON.stringify((await stranger.get('/api/members')).body)).not.toContain('ada@example.com');
    const { body } = await new RelayApi(api.baseUrl, first.body.apiKey ?? '').get<{ apiKeys: { id: string }[] }>(
      '/api/api-keys',
    );
    expect((await stranger.delete(`/api/api-keys/${body.apiKeys[0]?.id}`)).status).toBe(404);
    expect((await stranger.get<{ apiKeys: object[] }>('/api/api-keys')).body.apiKeys).toHaveLength(1);
  });

  it('cannot register an address twice, regardless of case', async () => {
    const api = await relay({ PIZZAPI_REGISTRATION: 'open' });
    await api.post('/api/register', ada);
    const again = await api.post<Refused>('/api/register', { ...ada, email: 'ADA@example.COM' });
    expect(again).toMatchObject({ status: 409, body: { code: 'email_taken' } });
  });
});

describe('a repeated registration', () => {
  it('gets the same response without the key, and 409 with another body', async () => {
    const api = await relay();
    const headers = { 'idempotency-key': 'once' };
    const first = await api.post<Registered>('/api/register', ada, headers);
    const second = await api.post<Registered>('/api/register', ada, headers);
    const { apiKey, ...rest } = first.body;
    expect(apiKey).toMatch(/^pza_/);
    expect(second.status).toBe(201);
    expect(second.body).toEqual(rest);
    expect((await api.post<Refused>('/api/register', grace, headers)).body.code).toBe('idempotency_mismatch');
  });

  it('creates one account if both are sent at once', async () => {
    const api = await relay();
    const both = await Promise.all(
      [1, 2].map(() => api.post<Registered>('/api/register', ada, { 'idempotency-key': 'twins' })),
    );
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(new Set(both.map(({ body }) => body.user.id)).size).toBe(1);
  });
});

it('names each invalid field', async () => {
  const api = await relay();
  const answer = await api.post<Refused>('/api/register', { email: 'nobody', password: 'short', admin: true });
  expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  expect(answer.body).toMatchObject({
    status: 400,
    code: 'invalid_request',
    requestId: answer.headers.get('x-request-id'),
  });
  expect(answer.body.errors?.map(({ path }) => path).sort()).toEqual(['admin', 'email', 'password']);
});
