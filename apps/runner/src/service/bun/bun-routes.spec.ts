import { describe, expect, it } from 'vitest';
import { BunRoutes } from './bun-routes.js';

const said = async (routes: object, method: string, path: string): Promise<string | undefined> => {
  const match = new BunRoutes(routes).match(method, path);
  const answer = await match?.handler(new Request(`http://x${path}`), undefined);
  return answer instanceof Response ? `${await answer.text()} ${JSON.stringify(match?.params)}` : undefined;
};
const says = (words: string) => () => new Response(words);

describe('the routes of Bun.serve', () => {
  const routes = {
    '/*': says('any'),
    '/users/:id': says('user'),
    '/users/me': says('me'),
    '/users/:id/files/*': says('files'),
    '/orders': { GET: says('orders'), POST: says('ordered') },
    '/health': new Response('well'),
    '/left': false,
  };

  it.each([
    ['GET', '/users/me', 'me {}'],
    ['GET', '/users/a%20b', 'user {"id":"a b"}'],
    ['GET', '/users/', 'any {}'],
    ['GET', '/users/1/files/x/y', 'files {"id":"1"}'],
    ['POST', '/orders', 'ordered {}'],
    ['HEAD', '/orders', 'orders {}'],
    ['DELETE', '/orders', 'any {}'],
    ['GET', '/left', 'any {}'],
    ['GET', '/%', 'any {}'],
  ])('%s %s', async (method, path, words) => {
    expect(await said(routes, method, path)).toBe(words);
  });

  it('give the same answer to everybody', async () => {
    const all = new BunRoutes(routes);
    for (let n = 0; n < 3; n++) {
      const answer = await all.match('GET', '/health')?.handler(new Request('http://x/health'), undefined);
      expect(answer instanceof Response && (await answer.text())).toBe('well');
    }
  });

  it('leave to fetch what is for none of them', () => {
    expect(new BunRoutes({ '/a': says('a') }).match('GET', '/b')).toBeUndefined();
  });

  it.each([[{ '/a': 'text' }], [{ '/a': {} }], [{ '/a': { get: says('a') } }], [{ a: says('a') }]])(
    'are refused where they lead to no answer: %j',
    (wrong) => {
      expect(() => new BunRoutes(wrong)).toThrow(/Bun\.serve: the route "\/?a" is none/);
    },
  );
});
