import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fireTrigger, TriggerNotFiredError, type TriggerToFire } from './index.js';

type Reply = { status: number; body: unknown; headers?: Record<string, string> } | 'no answer';

const trigger: TriggerToFire = { type: 'my-service:happened', payload: { n: 1 }, summary: 'It happened' };
const accepted: Reply = { status: 202, body: { ok: true, triggerId: 'trg_1', subscriptions: 2, listeners: 1 } };
const fired = { triggerId: 'trg_1', subscriptions: 2, listeners: 1 };

interface Asked {
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: unknown;
}

let home: string;
let server: Server;
let asked: Asked[];
let replies: Reply[];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'pizzapi-sdk-'));
  writeFileSync(join(home, 'runner.json'), JSON.stringify({ runnerId: 'runner-1' }));
  asked = [];
  replies = [];
  server = createServer((request, response) => {
    void json(request).then((body) => {
      asked.push({ url: request.url, headers: request.headers, body });
      const reply = replies.shift() ?? accepted;
      if (reply === 'no answer') return response.destroy();
      response.writeHead(reply.status, reply.headers).end(JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('PIZZAPI_HOME', home);
  vi.stubEnv('PIZZAPI_RELAY_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  vi.stubEnv('PIZZAPI_RUNNER_API_KEY', 'pza_1');
  vi.stubEnv('PIZZAPI_API_KEY', undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
  server.closeAllConnections();
  rmSync(home, { recursive: true });
});

async function refusal(change: Partial<TriggerToFire> = {}): Promise<TriggerNotFiredError> {
  const error: unknown = await fireTrigger({ ...trigger, giveUpAfterMs: 0, ...change }).catch(
    (thrown: unknown) => thrown,
  );
  if (error instanceof TriggerNotFiredError) return error;
  throw new Error('it was fired');
}

describe('fireTrigger', () => {
  it('is one call with what the runner knows', async () => {
    expect(await fireTrigger({ ...trigger, deliverAs: 'steer', idempotencyKey: 'once' })).toEqual(fired);
    expect(asked).toMatchObject([
      {
        url: '/api/runners/runner-1/trigger-broadcast',
        headers: { 'x-api-key': 'pza_1', 'idempotency-key': 'once', 'content-type': 'application/json' },
        body: { type: 'my-service:happened', payload: { n: 1 }, summary: 'It happened', deliverAs: 'steer' },
      },
    ]);
  });

  it('reads address and key at the time of the call', async () => {
    const address = process.env['PIZZAPI_RELAY_URL'] ?? '';
    vi.stubEnv('PIZZAPI_RELAY_URL', '');
    writeFileSync(join(home, 'config.json'), JSON.stringify({ relayUrl: address.replace('http', 'ws') }));
    vi.stubEnv('PIZZAPI_RUNNER_API_KEY', undefined);
    vi.stubEnv('PIZZAPI_API_KEY', 'pza_2');
    expect(await fireTrigger(trigger)).toEqual(fired);
    expect(asked[0]?.headers['x-api-key']).toBe('pza_2');
  });

  it('takes empty variables for unset', async () => {
    mkdirSync(join(home, '.pizzapi'));
    renameSync(join(home, 'runner.json'), join(home, '.pizzapi', 'runner.json'));
    vi.stubEnv('HOME', home);
    vi.stubEnv('PIZZAPI_HOME', '');
    vi.stubEnv('PIZZAPI_RUNNER_API_KEY', '');
    vi.stubEnv('PIZZAPI_API_KEY', 'pza_2');
    expect(await fireTrigger(trigger)).toEqual(fired);
    expect(asked[0]?.headers['x-api-key']).toBe('pza_2');
  });

  it.each<[string, Reply]>([
    ['gives no answer', 'no answer'],
    ['restarts', { status: 503, body: { code: 'unavailable', detail: 'Soon.' } }],
    ['fails', { status: 500, body: {} }],
    ['limits the rate', { status: 429, body: {}, headers: { 'retry-after': '0' } }],
    ['is behind a proxy that says so', { status: 502, body: '<html>' }],
    ['does not know the key any more, until the new one is there', { status: 401, body: {} }],
  ])('tries again with the same Idempotency-Key when the relay %s', async (_, reply) => {
    replies.push(reply, reply);
    expect(await fireTrigger(trigger)).toEqual(fired);
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    await fireTrigger(trigger);
    expect(asked[3]?.headers['idempotency-key']).not.toBe(asked[0]?.headers['idempotency-key']);
  });

  it('waits for a key that the runner does not have yet', async () => {
    vi.stubEnv('PIZZAPI_RUNNER_API_KEY', undefined);
    const firing = fireTrigger(trigger);
    vi.stubEnv('PIZZAPI_RUNNER_API_KEY', 'pza_later');
    expect(await firing).toEqual(fired);
    expect(asked.map(({ headers }) => headers['x-api-key'])).toEqual(['pza_later']);
  });

  it('waits as long as the relay says, but not beyond its time', async () => {
    replies.push({ status: 503, body: { code: 'unavailable', detail: 'Soon.' }, headers: { 'retry-after': '60' } });
    expect(await refusal({ giveUpAfterMs: 5_000 })).toMatchObject({ code: 'unavailable', status: 503 });
    expect(asked).toHaveLength(1);
  });
});

describe('a trigger that is not fired', () => {
  it('for a reason that does not pass is refused at once, with code and fields', async () => {
    const errors = [{ path: '/n', message: 'must be string' }];
    replies.push({ status: 422, body: { code: 'payload_invalid', detail: 'The payload breaks the schema.', errors } });
    expect(await refusal({ giveUpAfterMs: 60_000 })).toMatchObject({
      name: 'TriggerNotFiredError',
      code: 'payload_invalid',
      message: 'The payload breaks the schema.',
      status: 422,
      errors,
    });
    expect(asked).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ['no_api_key', () => vi.stubEnv('PIZZAPI_RUNNER_API_KEY', undefined)],
    ['no_runner_id', () => rmSync(join(home, 'runner.json'))],
    ['relay_off', () => vi.stubEnv('PIZZAPI_RELAY_URL', 'off')],
    ['relay_unreachable', () => replies.push('no answer')],
    ['relay_unreachable', () => replies.push({ status: 200, body: 'a web page' })],
    ['no_api_key', () => replies.push({ status: 401, body: { code: 'unauthenticated', detail: 'Not valid.' } })],
  ])('says why: %s', async (code, spoil) => {
    spoil();
    expect((await refusal()).code).toBe(code);
  });

  it('says that its payload is no JSON', async () => {
    expect((await refusal({ payload: { n: 1n } })).code).toBe('payload_not_json');
  });

  it('never has the key in its message', async () => {
    server.close();
    server.closeAllConnections();
    const error = await refusal();
    expect(error.code).toBe('relay_unreachable');
    expect(`${error.message} ${String(error.cause)}`).not.toContain('pza_1');
  });
});
