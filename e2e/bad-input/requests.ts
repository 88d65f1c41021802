import { randomUUID } from 'node:crypto';
import { RelayApi } from '@pizzapi/testing';
import { describe, expect, it } from 'vitest';
import type { Product } from './product.js';
import { expectProblem } from './problem.js';

const MIB = 1024 * 1024;

export function badRequests(product: () => Product): void {
  describe('a bad request gets a problem with a code', () => {
    it('a prompt over the limit: 413 that the console can tell apart, and nothing made', async () => {
      const { ada } = product();
      const before = await sessionCount();
      const prompt = 'x'.repeat(MIB);
      expectProblem(await ada.post('/api/sessions', { runnerId: randomUUID(), prompt }), 413, 'prompt_too_large');
      expect(await sessionCount()).toBe(before);
      const sessionId = await product().create({});
      expectProblem(await ada.post(`/api/sessions/${sessionId}/input`, { text: prompt }), 413, 'prompt_too_large');
      expectProblem(
        await ada.send('PATCH', `/api/sessions/${sessionId}`, { body: { name: prompt } }),
        413,
        'body_too_large',
      );
    });

    it('fields that are unknown or wrong: each with its path', async () => {
      const { ada } = product();
      const answer = await ada.post('/api/sessions', {
        runnerId: 'nobody',
        surprise: 1,
        model: { provider: '', id: 'x', more: true },
      });
      const paths = expectProblem(answer, 400, 'invalid_request').errors?.map(({ path }) => path);
      expect(new Set(paths)).toEqual(new Set(['runnerId', 'surprise', 'model.provider', 'model.more']));
      const sessionId = await product().create({});
      const input = await ada.post(`/api/sessions/${sessionId}/input`, { text: 7, deliverAs: 'shout' });
      expect(expectProblem(input, 400, 'invalid_request').errors?.map(({ path }) => path)).toEqual([
        'text',
        'deliverAs',
      ]);
      for (const body of [null, [], 'text', { text: '' }, { text: { nested: true } }])
        expectProblem(await ada.post(`/api/sessions/${sessionId}/input`, body), 400, 'invalid_request');
    });

    it('a body that is no JSON, an address that is nothing, a method that is none', async () => {
      const { ada, relay } = product();
      const response = await fetch(`${relay.url}/api/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': ada.apiKey ?? '' },
        body: '{"runnerId":',
      });
      expectProblem(
        { status: response.status, headers: response.headers, body: await response.json() },
        400,
        'invalid_request',
      );
      expectProblem(await ada.get('/api/nothing'), 404, 'not_found');
      expectProblem(await ada.send('PUT', '/api/sessions'), 404, 'not_found');
      expectProblem(await ada.get('/api/sessions/not-a-uuid'), 400, 'invalid_request');
      expectProblem(await ada.get('/api/sessions/%E0%A4%A'), 400, 'invalid_request');
    });

    it('a limit beyond the maximum is clamped; one that is no number is refused', async () => {
      const { ada } = product();
      const sessionId = await product().create({});
      for (const list of [
        '/api/sessions',
        '/api/runners',
        '/api/api-keys',
        '/api/members',
        '/api/invitations',
        `/api/sessions/${sessionId}/transcript`,
      ]) {
        expect(await ada.get(`${list}?limit=100000`)).toMatchObject({ status: 200 });
        for (const limit of ['0', '-1', '1.5', 'many', ''])
          expectProblem(await ada.get(`${list}?limit=${limit}`), 400, 'invalid_request');
      }
    });

    it('a cursor that no page gave', async () => {
      for (const list of ['/api/sessions', '/api/runners', '/api/api-keys', '/api/members', '/api/invitations'])
        for (const cursor of ['nonsense', "' OR 1=1 --", 'MSBub3cgbm9wZQ'])
          expectProblem(
            await product().ada.get(`${list}?cursor=${encodeURIComponent(cursor)}`),
            400,
            'invalid_request',
          );
    });

    it('Idempotency-Key: the same answer again, another body is a mismatch', async () => {
      const { ada, runner } = product();
      const headers = { 'idempotency-key': randomUUID() };
      const request = { runnerId: runner.runnerId, name: 'Once' };
      const [first, second] = await Promise.all([
        ada.post<{ sessionId: string }>('/api/sessions', request, headers),
        ada.post('/api/sessions', request, headers),
      ]);
      expect(second).toMatchObject({ status: 202, body: first.body });
      expectProblem(
        await ada.post('/api/sessions', { ...request, name: 'Twice' }, headers),
        409,
        'idempotency_mismatch',
      );
      const path = `/api/sessions/${first.body.sessionId}/input`;
      const input = await ada.post(path, { text: 'Say it once' }, headers);
      expect(await ada.post(path, { text: 'Say it once' }, headers)).toMatchObject({ status: 202, body: input.body });
      expectProblem(await ada.post(path, { text: 'Say it twice' }, headers), 409, 'idempotency_mismatch');
      expectProblem(
        await ada.post(path, { text: 'x' }, { 'idempotency-key': 'k'.repeat(256) }),
        400,
        'invalid_request',
      );
    });

    it('a cookie with a foreign Origin, or none: 403', async () => {
      const { relay } = product();
      const browser = new RelayApi(relay.url);
      const login = await browser.post(
        '/api/auth/login',
        { email: 'ada@example.com', password: 'correct horse ada@example.com' },
        { origin: relay.url },
      );
      expect(login.status).toBe(204);
      const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
      expect(await browser.send('GET', '/api/auth/me', { headers: { cookie } })).toMatchObject({ status: 200 });
      const origins: Record<string, string>[] = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: `${relay.url}.evil.example` },
        {},
      ];
      for (const origin of origins)
        expectProblem(await browser.post('/api/sessions', {}, { cookie, ...origin }), 403, 'origin_refused');
    });

    it('too many logins: 429 with Retry-After', async () => {
      const stranger = new RelayApi(product().relay.url);
      const guess = (): Promise<{ status: number; body: unknown; headers: Headers }> =>
        stranger.post('/api/auth/login', { email: 'carol@example.com', password: 'guess' });
      for (let attempt = 0; attempt < 10; attempt++) expectProblem(await guess(), 401, 'wrong_credentials');
      const answer = await guess();
      expectProblem(answer, 429, 'rate_limited');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    });

    async function sessionCount(): Promise<number> {
      return (await product().ada.get<{ sessions: unknown[] }>('/api/sessions?limit=200')).body.sessions.length;
    }
  });
}
