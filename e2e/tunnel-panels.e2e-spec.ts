import { launchBrowser, RelayApi } from '@pizzapi/testing';
import type { Browser, FrameLocator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from './console/person.js';
import { Product, type ServiceFiles } from './console/product.js';
import { startSession } from './console/tunnels.js';

const UPLOAD_BYTES = 5_000_000;

/** Written for Bun, with addresses relative to the page, as the specification tells authors to. */
const KITCHEN: ServiceFiles = {
  id: 'kitchen',
  label: 'Kitchen',
  icon: 'cooking-pot',
  files: {
    'index.ts': `import { readFileSync } from 'node:fs';
      import type { Server } from 'bun';
      export default class Kitchen {
        get id() { return 'kitchen'; }
        #server: Server | null = null;
        #asked = 0;
        init(_socket: unknown, { announcePanel }: { announcePanel(port: number): void }) {
          const html = readFileSync(import.meta.dirname + '/page.html', 'utf8');
          this.#server = Bun.serve({
            port: 0,
            fetch: async (request, server) => {
              const { pathname } = new URL(request.url);
              if (pathname.endsWith('/socket')) return server.upgrade(request) ? undefined : new Response('', { status: 426 });
              if (pathname.endsWith('/api/count')) return Response.json({ count: (this.#asked += 1) });
              if (pathname.endsWith('/upload')) return new Response(String((await request.arrayBuffer()).byteLength));
              if (pathname.endsWith('/events')) {
                const events = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('data: told\\n\\n')) });
                return new Response(events, { headers: { 'Content-Type': 'text/event-stream' } });
              }
              // A picture that goes on for ever, as a camera's does.
              if (pathname.endsWith('/camera')) return new Response(new ReadableStream({}), { headers: { 'Content-Type': 'image/png' } });
              if (pathname.endsWith('.css')) return new Response('h1 { color: rgb(1, 2, 3) }', { headers: { 'Content-Type': 'text/css' } });
              return new Response(html, { headers: { 'Content-Type': 'text/html' } });
            },
            websocket: { message: (socket, message) => socket.send('heard ' + message) },
          });
          announcePanel(this.#server.port);
        }
        dispose() { this.#server?.stop(true); }
      }`,
    'page.html': `<!doctype html><link rel="stylesheet" href="./look.css"><h1>Kitchen</h1><img src="./camera" alt="">
      <label>Note <input></label><p id="poll"></p><p id="events"></p><p id="socket"></p><p id="upload"></p>
      <script>
        const show = (id, text) => (document.getElementById(id).textContent = id + ' ' + text);
        const ask = async (path, options) => (await fetch(path, options)).text();
        setInterval(() => ask('./api/count').then((text) => { const { count } = JSON.parse(text); if (count) show('poll', count); }, () => undefined), 200);
        new EventSource('./events').onmessage = ({ data }) => show('events', data);
        const socket = new WebSocket('./socket');
        socket.onopen = () => socket.send('hello');
        socket.onmessage = ({ data }) => show('socket', data);
        ask('./upload', { method: 'POST', body: new Blob([new Uint8Array(${UPLOAD_BYTES})]) }).then((text) => show('upload', text));
      </script>`,
  },
};

/** In a browser that keeps no third-party cookies, as most do. */
describe('a panel', () => {
  let product: Product;
  let browser: Browser;
  let ada: Person;

  beforeAll(async () => {
    [product, browser] = await Promise.all([
      Product.start({ services: [KITCHEN] }),
      launchBrowser({ args: ['--test-third-party-cookie-phaseout'] }),
    ]);
    const owner = await new RelayApi(product.url).register('ada@example.com');
    ada = await Person.open(browser, product.url, 'ada@example.com', { expected: [/./] });
    await ada.signIn();
    await ada.openSession(await startSession(owner, product.runnerId));
    await ada.page.getByRole('group', { name: 'Panels' }).getByRole('button', { name: 'Kitchen' }).click();
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
  });

  const panel = (): FrameLocator => ada.page.frameLocator('iframe[title=Kitchen]');

  it('has relative addresses, polling, events, WebSockets and uploads, and is seen while it still loads', async () => {
    // Seen, as opposed to there.
    await panel().getByRole('heading', { name: 'Kitchen' }).waitFor({ state: 'visible' });
    expect(await panel().locator('html').evaluate('document.readyState')).not.toBe('complete');
    expect(await panel().locator('h1').evaluate('getComputedStyle(document.querySelector("h1")).color')).toBe(
      'rgb(1, 2, 3)',
    );
    for (const words of [/^poll \d+/, 'events told', 'socket heard hello', `upload ${UPLOAD_BYTES}`])
      await panel().getByText(words).waitFor();
  });

  it('keeps what a person typed while the relay is updated, and goes on', async () => {
    const count = async (): Promise<number> =>
      Number(/\d+/.exec((await panel().locator('#poll').textContent()) ?? '')?.[0]);
    await expect.poll(count).toBeGreaterThan(0);
    await panel().getByLabel('Note').fill('two pizzas');
    await product.restartRelay();
    const before = await count();
    // By then the runner is back, and whoever looks at the console has seen that it was away.
    await expect.poll(count).toBeGreaterThan(before);
    await ada.page.locator('iframe[title=Kitchen]:not(.unseen)').waitFor();
    expect(await panel().getByLabel('Note').inputValue()).toBe('two pizzas');
  });
});
