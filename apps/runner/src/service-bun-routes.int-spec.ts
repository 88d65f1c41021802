import { beforeAll, describe, expect, it, vi } from 'vitest';
import { TestService } from '../testing/test-service.js';
import { buildRunner } from '../testing/test-runner.js';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

beforeAll(() => buildRunner());

describe('routes and files', () => {
  it('answer as with Bun, and fetch has the rest', async () => {
    await using service = await TestService.start({
      'panel.html': '<h1>Panel</h1>',
      'index.ts': `export default class { id = 'my-service';
        init(_: unknown, { announcePanel }) {
          const server = Bun.serve({ port: 0,
            routes: {
              '/': Bun.file('panel.html'),
              '/health': new Response('well'),
              '/orders/:id': { GET: (request, server) => Response.json({ id: request.params.id, port: server.port }) },
              '/throws': () => { throw new Error('on purpose') },
            },
            fetch: () => new Response('none', { status: 404 }),
            error: (error) => new Response(error.message, { status: 500 }) });
          announcePanel(server.port) } }`,
    });
    const url = await service.panelUrl();
    const get = async (path: string, method = 'GET') => {
      const answer = await fetch(url + path, { method });
      return [answer.status, answer.headers.get('content-type'), await answer.text()];
    };
    expect(await get('/')).toEqual([200, 'text/html;charset=utf-8', '<h1>Panel</h1>']);
    service.folder.write('my-service', { 'panel.html': '<h1>Changed</h1>' });
    expect((await get('/')).at(-1)).toBe('<h1>Changed</h1>');
    for (let n = 0; n < 2; n++) expect((await get('/health')).at(-1)).toBe('well');
    expect((await get('/orders/a%20b')).at(-1)).toBe(JSON.stringify({ id: 'a b', port: Number(new URL(url).port) }));
    expect(await get('/orders/7', 'POST')).toMatchObject([404, expect.anything(), 'none']);
    expect(await get('/throws')).toMatchObject([500, expect.anything(), 'on purpose']);
    expect(service.status).toMatchObject({ state: 'running', restarts: 0 });
  });

  it('of a file that is gone the answer breaks off, and nothing else', async () => {
    const answer = `new Response((await Bun.file('none').exists()) ? 'there' : Bun.file('none'))`;
    await using service = await TestService.start({
      'index.ts': `export default class { id = 'my-service';
        init(_: unknown, { announcePanel }) { announcePanel(Bun.serve({ port: 0, fetch: async () => ${answer} }).port) } }`,
    });
    await expect(fetch(await service.panelUrl()).then((answer) => answer.text())).rejects.toThrow();
    await service.until('it says why', () => service.lines.some((line) => line.includes('ENOENT')));
    expect(service.status).toMatchObject({ state: 'running', restarts: 0 });
  });
});
