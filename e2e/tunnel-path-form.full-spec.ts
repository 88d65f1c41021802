import { launchBrowser, RelayApi } from '@pizzapi/testing';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attacks, TAKE_OVER } from './console/attacks.js';
import { Person } from './console/person.js';
import { Product } from './console/product.js';
import { expose, serve, startSession } from './console/tunnels.js';

/** All its addresses are relative: it knows nothing of the path that it is below. */
const FILES: Readonly<Record<string, readonly [type: string, content: string]>> = {
  '/': ['text/html', '<link rel="stylesheet" href="look.css"><h1></h1><p></p><script src="js/app.js"></script>'],
  '/look.css': ['text/css', 'h1 { color: rgb(1, 2, 3) }'],
  '/js/app.js': [
    'text/javascript',
    `document.querySelector('h1').textContent = 'Loaded';
     fetch('data.json').then(async (answer) => {
       const { words } = await answer.json();
       document.querySelector('p').textContent = words;
     });`,
  ],
  '/data.json': ['application/json', '{"words":"read by its script"}'],
};

/** What a page gets that has no origin at all. */
const OF_AN_ORIGIN = `(() => {
  const attempt = (act) => { try { return 'GOT ' + act(); } catch (error) { return 'refused: ' + error.name; } };
  return {
    origin: self.origin,
    cookie: attempt(() => document.cookie),
    local: attempt(() => localStorage.length),
    session: attempt(() => sessionStorage.length),
    database: attempt(() => indexedDB.open('x')),
    worker: attempt(() => navigator.serviceWorker.controller),
  };
})()`;

const PANEL = {
  id: 'board',
  label: 'Board',
  panel: { dir: './panel' },
  files: {
    'panel/index.html': '<h1></h1><script src="app.js"></script>',
    'panel/app.js': FILES['/js/app.js']?.[1] ?? '',
  },
};

/** Without a tunnel domain: pages below a path of the relay itself, in a sandbox without an origin. */
describe('a page in a tunnel without a domain', () => {
  let product: Product;
  let browser: Browser;
  let owner: RelayApi;
  let ada: Person;
  let sessionId: string;
  let server: { port: number } & AsyncDisposable;
  const cookies: string[] = [];

  beforeAll(async () => {
    [product, browser] = await Promise.all([
      Product.start({ services: [PANEL], env: { PIZZAPI_TUNNEL_DOMAIN: 'off' } }),
      launchBrowser(),
    ]);
    owner = await new RelayApi(product.url).register('ada@example.com');
    ada = await Person.open(browser, product.url, 'ada@example.com', { expected: [/./] });
    await ada.signIn();
    sessionId = await startSession(owner, product.runnerId);
    server = await serve((request, response) => {
      cookies.push(request.headers.cookie ?? '');
      const [type, content] = FILES[request.url ?? ''] ?? ['text/plain', 'nothing'];
      response.setHeader('content-type', type);
      response.setHeader('set-cookie', ['pizzapi.login=evil; Path=/', 'stolen=evil; Path=/']);
      response.end(content);
    });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await browser.close();
    await product[Symbol.asyncDispose]();
  });

  it('loads what it names relative to itself, and gets nothing else as a tab', async () => {
    const tunnel = await expose(owner, sessionId, server.port, 'Report');
    const page = await ada.context.newPage();
    await page.goto(tunnel.page);
    await page.getByText('read by its script').waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/api\/tunnel\/auth\/[\w.-]+\/$/);
    expect(await page.evaluate(`getComputedStyle(document.querySelector("h1")).color`)).toBe('rgb(1, 2, 3)');
    await getsNothing(page);
    await page.close();
  });

  it('gets nothing in the frame of a panel, nor the window around it', async () => {
    const { page } = ada;
    await ada.openSession(sessionId);
    await page.getByRole('group', { name: 'Panels' }).getByRole('button', { name: 'Board' }).click();
    const panel = page.frameLocator('iframe[title=Board]');
    await panel.getByRole('heading', { name: 'Loaded' }).waitFor();
    const frame = page.frames().find((each) => each.url().includes('/api/tunnel/auth/'));
    if (!frame) throw new Error('The panel has no frame.');
    await getsNothing(frame);
    expect(await frame.evaluate(TAKE_OVER)).toBe('refused: SecurityError');
    expect(new URL(page.url()).pathname).toBe(`/s/${sessionId}`);
  });

  it('left no trace', async () => {
    const names = (await ada.context.cookies(product.url)).map(({ name, value }) => `${name} ${value === 'evil'}`);
    expect(names).toEqual(['pizzapi.login false']);
    expect(new Set(cookies)).toEqual(new Set(['']));
    const { body } = await owner.get('/api/api-keys');
    expect(JSON.stringify(body)).not.toContain('stolen');
    await ada.page.reload();
    await ada.page.getByLabel('Search sessions by name, folder and model').waitFor();
  });

  async function getsNothing(page: Page | Frame): Promise<void> {
    const { origin, ...own } = await page.evaluate<Record<string, string>>(OF_AN_ORIGIN);
    expect(origin).toBe('null');
    const byCookie = `${product.url}/api/tunnel/${sessionId}/${server.port}`;
    const others = await page.evaluate<Record<string, string>>(attacks({ console: product.url, sibling: byCookie }));
    const results = Object.entries({ ...own, ...others });
    expect(results.filter(([, result]) => !result.startsWith('refused: '))).toEqual([]);
    expect(results).toHaveLength(18);
  }
});
