import { ScriptedRunner } from '@pizzapi/testing';
import { expect, it } from 'vitest';
import { startCluster } from '../../../../testing/relay-fixture.js';

it('refuses a payload with more levels than anything can work with', async () => {
  await using cluster = await startCluster();
  const relay = await cluster.start();
  const ada = await relay.account('ada');
  const runner = await ScriptedRunner.connect(ada);
  const worker = await runner.startSession();
  const fire = async (levels: number): Promise<unknown> => {
    const inner = '['.repeat(levels) + ']'.repeat(levels);
    const answer = await fetch(`${relay.url}/api/sessions/${worker.sessionId}/trigger`, {
      method: 'POST',
      headers: { 'x-api-key': ada.apiKey ?? '', 'content-type': 'application/json' },
      body: `{"type":"any","payload":{"inner":${inner}}}`,
    });
    const body: unknown = await answer.json();
    return { status: answer.status, body };
  };
  for (const levels of [199, 100_000])
    expect(await fire(levels)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  // With the payload and the body themselves.
  expect(await fire(198)).toMatchObject({ status: 202 });
  await expect.poll(() => worker.received).toHaveLength(1);
  worker.stop();
  runner.stop();
});
