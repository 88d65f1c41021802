import { createServer } from 'node:http';
import type { ServiceAnnouncement, TriggerDef, TriggerPayload } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { TriggerDefJudge } from '../../runners/index.js';
import { compileSchema } from './compile-schema.js';
import { TriggerTypes } from './trigger-types.js';

const holderOf = (): Promise<null> => Promise.resolve(null);
const types = new TriggerTypes(Object.assign(Object.create(null), { holderOf }), new TriggerDefJudge());

const order: TriggerDef = {
  serviceId: 'orders',
  type: 'orders:status_changed',
  label: 'Status changed',
  schema: {
    type: 'object',
    properties: {
      status: { enum: ['shipped', 'delivered'] },
      items: { type: 'array', items: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } } },
      'a b': { type: 'string' },
      when: { type: 'string', format: 'date-time' },
    },
    required: ['status'],
    additionalProperties: false,
  },
};
const announcing = (
  ...triggerDefs: TriggerDef[]
): { announcement: ServiceAnnouncement; givenName: null; name: string } => ({
  announcement: { services: [], panels: [], sigilDefs: [], triggerDefs },
  givenName: null,
  name: 'build-1',
});
const runner = announcing(order, { serviceId: 'orders', type: 'orders:plain', label: 'Plain' });
const refusal = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
};
const errorsOf = (payload: TriggerPayload): unknown => {
  const error = refusal(() => types.require(runner, order.type, payload));
  return error !== null && typeof error === 'object' && 'extra' in error ? error.extra : null;
};

describe('TriggerTypes', () => {
  it('lets through what is declared, and what the relay fires itself', () => {
    types.require(runner, order.type, { status: 'shipped', items: [{ id: 1 }], when: 'formats are not asserted' });
    types.require(runner, 'orders:plain', { any: 'thing' });
    for (const type of ['time:cron', 'webhook:github', 'session:ended']) types.require(runner, type, {});
  });

  it.each(['orders:status_chnged', 'time:', 'Time:cron', 'toString'])('refuses the undeclared type %s', (type) => {
    expect(refusal(() => types.require(runner, type, {}))).toMatchObject({ status: 422, code: 'unknown_trigger_type' });
  });

  it('says which types come near, and how one is declared', () => {
    expect(refusal(() => types.require(runner, 'orders:status_chnged', {}))).toMatchObject({
      message: expect.stringMatching(/"build-1".*Did you mean "orders:status_changed".*manifest\.json/s),
    });
    expect(refusal(() => types.require({ ...runner, announcement: null }, 'x:y', {}))).toMatchObject({
      message: expect.not.stringContaining('Did you mean'),
    });
  });

  it.each<[TriggerPayload, string, string]>([
    [{}, 'payload.status', 'is required'],
    [{ status: 'lost' }, 'payload.status', 'must be one of "shipped", "delivered"'],
    [{ status: 'shipped', items: [{ id: 1 }, { id: 'x' }] }, 'payload.items[1].id', 'must be integer'],
    [{ status: 'shipped', items: [{}] }, 'payload.items[0].id', 'is required'],
    [{ status: 'shipped', 'a b': 1 }, 'payload["a b"]', 'must be string'],
    [{ status: 'shipped', 'x/y~z': 1 }, 'payload["x/y~z"]', 'is not a field of this trigger'],
  ])('names the place of what is wrong in %j', (payload, path, message) => {
    expect(errorsOf(payload)).toEqual({ errors: [{ path, message }] });
  });

  it('names all that is wrong at once, up to twenty places', () => {
    expect(errorsOf({ status: 'lost', items: [{}, { id: 'x' }], z: 1 })).toEqual({
      errors: expect.arrayContaining(
        ['payload.status', 'payload.items[0].id', 'payload.items[1].id', 'payload.z'].map((path): unknown =>
          expect.objectContaining({ path }),
        ),
      ),
    });
    expect(errorsOf({ status: 'shipped', items: Array(100).fill({}) })).toMatchObject({
      errors: Array(20).fill({ message: 'is required' }),
    });
  });

  it.each([{ $ref: '#' }, { $defs: { a: { allOf: [{ $ref: '#/$defs/a' }] } }, $ref: '#/$defs/a' }])(
    'refuses a payload, and nothing else, where the schema leads to itself without an end: %j',
    (schema) => {
      const endless = announcing({ ...order, schema });
      expect(refusal(() => types.require(endless, order.type, {}))).toMatchObject({
        status: 422,
        code: 'payload_invalid',
        message: expect.stringContaining('refers to itself without an end'),
      });
    },
  );

  it.each<[Record<string, unknown>, string]>([
    [{ type: 'strin' }, 'schema/type'],
    [{ properties: { a: { pattern: '(' } } }, 'Invalid regular expression'],
    [{ $ref: '#/$defs/nowhere' }, "can't resolve reference"],
    [
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      '"$schema" names "http://json-schema.org/draft-07/schema#", and only "https://json-schema.org/draft/2020-12/schema" is',
    ],
    [{ description: 'x'.repeat(70_000) }, 'longer than'],
  ])('disables a type whose schema is invalid, and that type alone', (schema, reason) => {
    const broken = announcing({ ...order, type: 'orders:broken', schema }, order);
    for (let again = 0; again < 2; again++) {
      expect(refusal(() => types.require(broken, 'orders:broken', {}))).toMatchObject({
        status: 422,
        code: 'trigger_type_disabled',
        message: expect.stringMatching(/"orders".*"orders:broken"/),
      });
    }
    expect(refusal(() => types.declared(broken, 'orders:broken'))).toMatchObject({
      message: expect.stringContaining(reason),
    });
    types.require(broken, order.type, { status: 'shipped' });
  });

  it('keeps what schemas call themselves apart', () => {
    const named = (type: string): TriggerDef => ({
      serviceId: 's',
      type: `s:${type}`,
      label: type,
      schema: { $id: 'https://example.com/x', $defs: { y: { $id: 'y', type } }, properties: { a: { $ref: 'y' } } },
    });
    const both = announcing(named('string'), named('integer'));
    types.require(both, 's:string', { a: 'x' });
    types.require(both, 's:integer', { a: 1 });
    expect(refusal(() => types.require(both, 's:integer', { a: 'x' }))).toMatchObject({ code: 'payload_invalid' });
  });

  it('fetches nothing', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const remote = announcing({ ...order, schema: { $ref: `http://127.0.0.1:${port}/schema.json` } });
    expect(refusal(() => types.require(remote, order.type, {}))).toMatchObject({ code: 'trigger_type_disabled' });
    await new Promise((resolve) => server.close(resolve));
    expect(requests).toBe(0);
  });

  it('breaks off a check that would hold up the relay', () => {
    const check = compileSchema(JSON.stringify({ properties: { a: { pattern: '^(a+)+$' } } }));
    expect(check({ a: 'aaa' })).toEqual([]);
    expect(check({ a: 'b' })).toEqual([{ path: 'payload.a', message: expect.stringContaining('pattern') }]);
    expect(check({ a: `${'a'.repeat(60)}b` })).toEqual([
      { path: 'payload', message: expect.stringContaining('250 ms') },
    ]);
    expect(check({ a: 'aaa' })).toEqual([]);
  });
});
