import type { TunnelView } from '@pizzapi/protocol';
import { RelayApi, waitFor } from '@pizzapi/testing';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attacks, TAKE_OVER } from '../console/attacks.js';
import { Person } from '../console/person.js';
import type { Product, ServiceFiles } from '../console/product.js';
import { expose, serve, startSession } from '../console/tunnels.js';

/** Where a hostile page is tried: a product, and a browser that finds it. */
export interface HostilePlace extends AsyncDisposable {
  product: Product;
  browser: Browser;
  /** Of the console. */
  url: string;
}

interface Options {
  /** Below it each tunnel has its host. */
  domain: string;
  start: (services: readonly ServiceFiles[]) => Promise<HostilePlace>;
}

/** A page that attacks, framed as a panel and as a tab: it has an origin of its own, and gets nothing from any other. */
export function hostilePage({ domain, start }: Options): void {
  let place: HostilePlace;
  let owner: RelayApi;
  let ada: Person;
  let sessionId: string;
  let sibling: TunnelView & { origin: string; page: string } & AsyncDisposable;
  /** What the sibling's service has been asked, and with which cookies. */
  const asked: { method: string; cookie: string }[] = [];

  beforeAll(async () => {
    place = await start([hostileService(domain)]);
    owner = await new RelayApi(place.product.url).register('ada@example.com');
    sessionId = await startSession(owner, place.product.runnerId);
    const server = await serve((request, response) => {
      asked.push({ method: request.method ?? '', cookie: request.headers.cookie ?? '' });
      response.setHeader('content-type', 'text/html');
      response.setHeader('set-cookie', 'own=1; Path=/');
      response.end('<title>Sibling</title>a secret');
    });
    sibling = Object.assign(await expose(owner, sessionId, server.port, 'Sibling'), {
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    });
    // What is refused is written to the console, by the page that tried.
    ada = await Person.open(place.browser, place.url, 'ada@example.com', { expected: [/./] });
    await ada.signIn();
    // Ada has the sibling open: its cookie is in her browser.
    const page = await ada.context.newPage();
    await page.goto(sibling.page);
    await page.getByText('a secret').waitFor();
    await page.close();
  });
  afterAll(async () => {
    await sibling[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  it('gets nothing in the frame of its panel, nor the window around it', async () => {
    await ada.openSession(sessionId);
    await ada.page.getByRole('group', { name: 'Panels' }).getByRole('button', { name: 'Hostile' }).click();
    await ada.page.frameLocator('iframe[title=Hostile]').getByRole('heading', { name: 'Hostile' }).waitFor();
    const frame = await hostileFrame(ada.page);
    await getsNothing(frame);
    expect(await frame.evaluate(TAKE_OVER)).toBe('refused: SecurityError');
    expect(new URL(ada.page.url()).pathname).toBe(`/s/${sessionId}`);
  });

  it('gets nothing as a tab', async () => {
    const [tab] = await Promise.all([
      ada.context.waitForEvent('page'),
      ada.page.getByRole('link', { name: 'Open Hostile in a tab' }).click(),
    ]);
    await tab.getByRole('heading', { name: 'Hostile' }).waitFor();
    await getsNothing(tab.mainFrame());
    expect(await tab.evaluate('navigator.serviceWorker.ready.then(({ scope }) => scope)')).toBe(
      `${new URL(tab.url()).origin}/`,
    );
    await tab.close();
  });

  it('left no trace: neither with the relay nor with its sibling', async () => {
    const names = (await ada.context.cookies(place.url)).map(({ name, value }) => `${name} ${value === 'evil'}`);
    expect(names).toEqual(['pizzapi.login false']);
    const { body } = await owner.get<{ apiKeys: { name: string }[] }>('/api/api-keys');
    expect(JSON.stringify(body)).not.toContain('stolen');
    await ada.page.reload();
    await ada.page.getByLabel('Search sessions by name, folder and model').waitFor();
    expect(asked.map(({ method }) => method)).not.toContain('POST');
    asked.length = 0;
    const page = await ada.context.newPage();
    await page.goto(`${sibling.origin}/`);
    // Our cookie is good still, and whatever it is called no service is sent it.
    await page.getByText('a secret').waitFor();
    expect(new Set(asked.map(({ cookie }) => cookie))).toEqual(new Set(['own=1']));
    await page.close();
  });

  async function getsNothing(page: Page | Frame): Promise<void> {
    const results = await page.evaluate<Record<string, string>>(
      attacks({ console: place.url, sibling: sibling.origin }),
    );
    const got = Object.entries(results).filter(([, result]) => !result.startsWith('refused: '));
    expect(got).toEqual([]);
    expect(Object.keys(results)).toHaveLength(13);
  }

  function hostileFrame(page: Page): Promise<Frame> {
    const isHostile = (frame: Frame): boolean => frame !== page.mainFrame() && frame.url().includes(`.${domain}`);
    return waitFor(() => page.frames().find(isHostile), { description: 'the panel’s frame is there' });
  }
}

/** Its page attacks by script, and its answers by what they say of cookies. */
function hostileService(domain: string): ServiceFiles {
  const cookies = [
    `header=evil; Domain=${domain}; Path=/; Secure; SameSite=None`,
    `header=evil; Domain=${domain}; Path=/; Secure; SameSite=None; Partitioned`,
    `__Host-header=evil; Domain=${domain}; Path=/; Secure; SameSite=None`,
    `__Host-pizzapi-tunnel=evil; Path=/; Secure; SameSite=None; Partitioned`,
    `pizzapi.login=evil; Domain=${domain}; Path=/; Secure; SameSite=None`,
  ];
  return {
    id: 'hostile',
    label: 'Hostile',
    icon: 'skull',
    entry: './index.cjs',
    files: {
      'index.cjs': `module.exports = class {
        get id() { return 'hostile'; }
        init(_socket, { announcePanel }) {
          this.server = require('node:http').createServer((request, response) => {
            const isWorker = request.url === '/worker.js';
            response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html');
            response.setHeader('set-cookie', ${JSON.stringify(cookies)});
            response.setHeader('service-worker-allowed', '/');
            response.end(isWorker
              ? 'onfetch = (event) => event.respondWith(new Response("taken over"))'
              : '<!doctype html><title>Hostile</title><h1>Hostile</h1>');
          });
          this.server.listen(0, '127.0.0.1', () => announcePanel(this.server.address().port));
        }
        dispose() { this.server.close(); }
      };`,
    },
  };
}
