import { ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestAccount, type TestCluster } from '../../../../testing/relay-fixture.js';

describe('a payload that cannot be kept as it is', () => {
  let cluster: TestCluster;
  let ada: TestAccount;
  let runner: ScriptedRunner;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    cluster = await startCluster();
    ada = await (await cluster.start()).account('ada');
    runner = await ScriptedRunner.connect(ada);
    worker = await runner.startSession();
  });
  afterAll(async () => {
    worker.stop();
    runner.stop();
    await cluster[Symbol.asyncDispose]();
  });

  const fire = async (payload: string): Promise<unknown> => {
    const answer = await fetch(`${ada.baseUrl}/api/sessions/${worker.sessionId}/trigger`, {
      method: 'POST',
      headers: { 'x-api-key': ada.apiKey ?? '', 'content-type': 'application/json' },
      body: `{"type":"any","payload":${payload}}`,
    });
    const body: unknown = await answer.json();
    return { status: answer.status, body };
  };

  it('is refused with more levels than anything can work with', async () => {
    const received = worker.received.length;
    const deep = (levels: number): string => `{"inner":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    for (const levels of [199, 100_000])
      expect(await fire(deep(levels))).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    // With the payload and the body themselves.
    expect(await fire(deep(198))).toMatchObject({ status: 202 });
    await expect.poll(() => worker.received).toHaveLength(received + 1);
  });

  it.each([
    ['{"n":1e999}', 'payload.n'],
    ['{"ok":1.7976931348623157e308,"list":[0,{"a.b":-1e999}]}', 'payload.list.1.a.b'],
    ['{"__proto__":{"n":1e999}}', 'payload.__proto__.n'],
  ])('is refused with a number that would be kept as null, and told where: %s', async (payload, path) => {
    expect(await fire(payload)).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_request',
        errors: [{ path, message: expect.stringMatching(/^is a number beyond .* send it as a text$/) }],
      },
    });
  });

  it.each([
    ['{"id":9007199254740993}', 'payload.id'],
    ['{"same":"9007199254740993","list":[0.1,{"at":1732958400123456789}]}', 'payload.list.1.at'],
  ])('is refused with a whole number that would lose digits, and told where: %s', async (payload, path) => {
    expect(await fire(payload)).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_request',
        errors: [{ path, message: expect.stringMatching(/^is a whole number beyond .* send it as a text$/) }],
      },
    });
  });

  it('is taken with what stays as it is', async () => {
    const received = worker.received.length;
    const kept = '{"id":"9007199254740993","n":[9007199254740992,0.30000000000000004,1e+21,1732958400123456800]}';
    expect(await fire(kept)).toMatchObject({ status: 202 });
    await expect.poll(() => worker.received).toHaveLength(received + 1);
    expect(worker.received.at(-1)?.text).toContain(kept);
  });

  it('is taken with the largest number there is', async () => {
    const received = worker.received.length;
    expect(await fire('{"n":[1.7976931348623157e308,-1.7976931348623157e308]}')).toMatchObject({ status: 202 });
    await expect.poll(() => worker.received).toHaveLength(received + 1);
    expect(worker.received.at(-1)?.text).toContain('"n":[1.7976931348623157e+308,-1.7976931348623157e+308]');
  });
});
