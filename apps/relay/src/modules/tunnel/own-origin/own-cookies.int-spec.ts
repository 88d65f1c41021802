import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ask } from '../../../../testing/tunnel-client.js';
import { type ExposedTunnel, TunnelScene } from '../../../../testing/tunnel-scene.js';

/** A domain whose subdomains are the same site: a page of one tunnel can set cookies for all of them. */
const DOMAIN = 'tunnels.localhost:7492';

let scene: TunnelScene;
let tunnel: ExposedTunnel;
let sibling: ExposedTunnel;
let received: string | undefined;
let setCookie: string[] = [];

beforeAll(async () => {
  scene = await TunnelScene.start(1, { PIZZAPI_TUNNEL_DOMAIN: DOMAIN });
  const serve = async (): Promise<ExposedTunnel> => {
    const { port } = await scene.serve((request, response) => {
      received = request.headers.cookie;
      response.writeHead(200, { 'set-cookie': setCookie }).end();
    });
    return scene.expose(port);
  };
  [tunnel, sibling] = [await serve(), await serve()];
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(() => {
  [received, setCookie] = [undefined, []];
});

/** The cookies that a browser stores from a response, as `name=value`. */
async function visit(to: ExposedTunnel, ...cookies: string[]): Promise<{ set: string[]; kept: string[] }> {
  const entered = await scene.enter(to);
  const { headers } = await ask(scene.relay.url, to.origin, { headers: { cookie: [entered, ...cookies].join('; ') } });
  const set = headers['set-cookie'] ?? [];
  return { set, kept: set.map((cookie) => cookie.split(';', 1)[0] ?? '') };
}

it('a service receives cookies that it set, and those that only its own host can set', async () => {
  setCookie = ['sid=1; Path=/app; HttpOnly; Max-Age=60; SameSite=Strict', 'theme = dark', 'none'];
  const { set, kept } = await visit(tunnel);
  const proof = /^__Host-pizzapi-own-[\w-]{8}=[\w-]{22}; Path=\/; Secure; HttpOnly/;
  expect(set).toEqual([
    setCookie[0],
    expect.stringMatching(new RegExp(`${proof.source}; Max-Age=60; SameSite=Strict$`)),
    setCookie[1],
    expect.stringMatching(new RegExp(`${proof.source}$`)),
    setCookie[2],
    expect.stringMatching(new RegExp(`${proof.source}$`)),
  ]);
  await visit(tunnel, ...kept.map((pair) => pair.replace(' = ', '=')), '__Host-mine=2');
  expect(received).toBe('sid=1; theme=dark; none; __Host-mine=2');
});

it('it receives no cookie that a sibling set, not even one that replaces its own', async () => {
  setCookie = ['sid=1'];
  const { kept } = await visit(tunnel);
  await visit(tunnel, 'planted=evil', 'sid=evil', ...kept, 'sid=evil2', 'bare');
  expect(received).toBe('sid=1');
  await visit(tunnel, 'sid=evil', ...kept.slice(1));
  expect(received).toBeUndefined();
});

it('a proof from one tunnel is not valid in another', async () => {
  setCookie = ['sid=1'];
  const { kept } = await visit(sibling);
  await visit(tunnel, ...kept);
  expect(received).toBeUndefined();
});

it('cookies with the same name are distinguished by path, and a changed cookie replaces its proof', async () => {
  setCookie = ['a=1; Path=/x', 'a=2; Path=/y', 'a=3; path = /x'];
  const names = (await visit(tunnel)).kept.map((pair) => pair.split('=', 1)[0]);
  expect(names[1]).toBe(names[5]);
  expect(names[1]).not.toBe(names[3]);
});

it('only the relay can set a proof', async () => {
  setCookie = ['__Host-pizzapi-own-x=evil; Secure; Path=/', '__HOST-PIZZAPI-own-y=evil'];
  expect((await visit(tunnel)).set).toEqual([]);
});
