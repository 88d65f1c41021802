import { LoadBalancer } from '@pizzapi/testing';
import { expect, it } from 'vitest';
import { ask, open } from '../../../testing/tunnel-client.js';
import { TunnelScene } from '../../../testing/tunnel-scene.js';
import { RunnerLinks } from './links/runner-links.js';

it('lets a stream finish although the runner has connected to another replica, and then stops in time', async () => {
  await using scene = await TunnelScene.start(2, { PIZZAPI_TUNNEL_DRAIN: '4s' });
  await scene.dialer.close(0);
  const stopped = new Set<string>();
  const portOf = (url: string): number => Number(new URL(url).port);
  await using balancer = await LoadBalancer.start(() =>
    scene.relays.filter(({ url }) => !stopped.has(url)).map(({ url }) => portOf(url)),
  );
  const [first, second] = [scene.replica(0), scene.replica(1)];
  const linkOf = (relay: typeof first): unknown =>
    relay.app.get(RunnerLinks, { strict: false }).endOf(scene.runner.runnerId);
  stopped.add(second.url);
  await scene.dial({ ...first, url: `http://127.0.0.1:${balancer.port}` });
  expect(linkOf(first)).not.toBeNull();
  stopped.clear();

  const finish = new Map<string, () => void>();
  const { port } = await scene.serve((request, response) => {
    const { url = '' } = request;
    if (!url.startsWith('/events')) return void response.end('hello');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: begin\n\n');
    finish.set(url, () => response.end('data: end\n\n'));
  });
  const tunnel = await scene.expose(port);
  const headers = { cookie: await scene.enter(tunnel) };
  const stream = async (path: string, { url } = first): Promise<{ said: () => string; isWhole: Promise<boolean> }> => {
    const answer = await open(url, tunnel.origin + path, { headers });
    let said = '';
    answer.setEncoding('utf8').on('data', (text: string) => (said += text));
    const isWhole = new Promise<boolean>((resolve) => {
      answer.on('error', () => undefined).once('close', () => resolve(answer.complete));
    });
    return { said: () => said, isWhole };
  };
  const [ending, hanging, hopping] = [
    await stream('/events/ending'),
    await stream('/events/hanging'),
    await stream('/events/hopping', second),
  ];

  stopped.add(first.url);
  const begun = performance.now();
  const stop = first.stop();
  await expect.poll(() => linkOf(second) !== null).toBe(true);
  // New requests use the new connection, and running ones continue.
  expect(await ask(second.url, tunnel.origin, { headers })).toMatchObject({ status: 200, body: 'hello' });
  for (const path of ['/events/ending', '/events/hopping']) finish.get(path)?.();
  for (const { isWhole, said } of [ending, hopping]) {
    expect(await isWhole).toBe(true);
    expect(said()).toBe('data: begin\n\ndata: end\n\n');
  }
  // What does not end in time is cut off, and recognisably so.
  expect(await hanging.isWhole).toBe(false);
  await stop;
  expect(performance.now() - begun).toBeGreaterThan(3_900);
});
