import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, open } from '../../../testing/tunnel-client.js';
import { type ExposedTunnel, TunnelScene } from '../../../testing/tunnel-scene.js';

const STREAMS = 3;
const BYTES_PER_SECOND = 200_000;

/** A runner has the same limits as a caller. All of its tunnels count together. */
let scene: TunnelScene;
let tunnels: readonly [ExposedTunnel, ExposedTunnel];
let cookies: readonly [string, string];
beforeAll(async () => {
  scene = await TunnelScene.start(1, {
    PIZZAPI_TUNNEL_STREAMS_PER_RUNNER: String(STREAMS),
    PIZZAPI_TUNNEL_BYTES_PER_SECOND_PER_RUNNER: String(BYTES_PER_SECOND),
  });
  const listener: Parameters<TunnelScene['serve']>[0] = (request, response) => {
    if (request.url === '/large') return void response.end(Buffer.alloc(BYTES_PER_SECOND));
    response.write('begin');
    if (request.url !== '/open') response.end();
  };
  const [one, other] = [await scene.serve(listener), await scene.serve(listener)];
  tunnels = [await scene.expose(one.port), await scene.expose(other.port)];
  cookies = [await scene.enter(tunnels[0]), await scene.enter(tunnels[1])];
});
afterAll(() => scene[Symbol.asyncDispose]());

const get = (at: 0 | 1, path: string): ReturnType<typeof ask> =>
  ask(scene.relay.url, tunnels[at].origin + path, { headers: { cookie: cookies[at] } });

it('streams of a runner beyond the limit are refused with a named problem, and accepted when others have ended', async () => {
  const headers = { cookie: cookies[0] };
  const held = await Promise.all(
    Array.from({ length: STREAMS }, () => open(scene.relay.url, `${tunnels[0].origin}/open`, { headers })),
  );
  expect(await get(1, '/')).toMatchObject({
    status: 503,
    headers: { 'retry-after': expect.any(String) },
    body: expect.stringContaining('"code":"tunnel_busy"'),
  });
  for (const answer of held) answer.on('error', () => undefined).destroy();
  await expect.poll(() => get(1, '/')).toMatchObject({ status: 200, body: 'begin' });
});

it('bytes of a runner beyond the limit wait', async () => {
  const begun = performance.now();
  const answers = await Promise.all([get(0, '/large'), get(1, '/large')]);
  expect(answers.map(({ body }) => body.length)).toEqual([BYTES_PER_SECOND, BYTES_PER_SECOND]);
  expect(performance.now() - begun).toBeGreaterThan(700);
});
