import type { TunnelView } from '@pizzapi/protocol';
import { launchBrowser, RelayApi, waitFor } from '@pizzapi/testing';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attacks, TAKE_OVER } from './console/attacks.js';
import { Person } from './console/person.js';
import { Product } from './console/product.js';
import { expose, serve, startSession } from './console/tunnels.js';

const HOSTILE = {
  id: 'hostile',
  label: 'Hostile',
  icon: 'skull',
  panel: { dir: './panel' },
  files: { 'panel/index.html': '<!doctype html><title>Hostile</title><h1>Hostile</h1>' },
};

/** A page that attacks, framed as a panel and as a tab: it has an origin of its own, and gets nothing from any other. */
describe('a hostile page in a tunnel', () => {
  let product: Product;
  let browser: Browser;
  let owner: RelayApi;
  let ada: Person;
  let sessionId: string;
  let sibling: TunnelView & { origin: string; page: string } & AsyncDisposable;
  /** The cookies that the sibling's service has been sent. */
  const siblingCookies: string[] = [];

  beforeAll(async () => {
    [product, browser] = await Promise.all([Product.start({ services: [HOSTILE] }), launchBrowser()]);
    owner = await new RelayApi(product.url).register('ada@example.com');
    sessionId = await startSession(owner, product.runnerId);
    const server = await serve((request, response) => {
      siblingCookies.push(request.headers.cookie ?? '');
      response.setHeader('set-cookie', [
        'from-header=1; Domain=localhost; Path=/',
        '__Host-pizzapi-tunnel=evil; Secure; Path=/',
      ]);
      response.end('<title>Sibling</title>a secret');
    });
    sibling = Object.assign(await expose(owner, sessionId, server.port, 'Sibling'), {
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    });
    // What is refused is written to the console, by the page that tried.
    ada = await Person.open(browser, product.url, 'ada@example.com', { expected: [/./] });
    await ada.signIn();
    // Ada has the sibling open: its cookie is in her browser.
    const page = await ada.context.newPage();
    await page.goto(sibling.page);
    await page.getByText('a secret').waitFor();
    await page.close();
  });
  afterAll(async () => {
    await sibling[Symbol.asyncDispose]();
    await browser.close();
    await product[Symbol.asyncDispose]();
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
    await tab.close();
  });

  it('left no trace: neither with the relay nor with its sibling', async () => {
    const names = (await ada.context.cookies(product.url)).map(({ name, value }) => `${name} ${value === 'evil'}`);
    expect(names).toEqual(['pizzapi.login false']);
    const { body } = await owner.get<{ apiKeys: { name: string }[] }>('/api/api-keys');
    expect(JSON.stringify(body)).not.toContain('stolen');
    await ada.page.reload();
    await ada.page.getByLabel('Search sessions by name, folder and model').waitFor();
    siblingCookies.length = 0;
    const page = await ada.context.newPage();
    await page.goto(`${sibling.origin}/`);
    // Our cookie is good still, and whatever it is called no service is sent it.
    await page.getByText('a secret').waitFor();
    expect(siblingCookies.join()).not.toContain('__Host-pizzapi-tunnel');
    expect(siblingCookies.join()).not.toContain('evil');
    await page.close();
  });

  async function getsNothing(page: Page | Frame): Promise<void> {
    const results = await page.evaluate<Record<string, string>>(
      attacks({ console: product.url, sibling: sibling.origin }),
    );
    const got = Object.entries(results).filter(([, result]) => !result.startsWith('refused: '));
    expect(got).toEqual([]);
    expect(Object.keys(results)).toHaveLength(10);
  }

  function hostileFrame(page: Page): Promise<Frame> {
    return waitFor(
      () => page.frames().find((frame) => frame !== page.mainFrame() && frame.url().includes('.localhost')),
      {
        description: 'the panel’s frame is there',
      },
    );
  }
});
