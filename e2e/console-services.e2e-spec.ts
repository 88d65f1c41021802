import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchBrowser, RelayApi, type ScriptedModel, startScriptedModel, waitFor } from '@pizzapi/testing';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './console/accessibility.js';
import { Person, PHONE, WIDE } from './console/person.js';
import { takePicture, takePictures } from './console/pictures.js';
import { Product } from './console/product.js';
import { SessionPage } from './console/session-page.js';
import { startSession } from './console/tunnels.js';

/** The specification's own sample: its panel has a button that fires its trigger. */
const sample = (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../libs/testing/samples/my-service/${name}`, import.meta.url)), 'utf8');

/** Knows what pull requests are called, and ends when it is told to. */
const FORGE = `module.exports = class {
  get id() { return 'forge'; }
  init(_socket, { announcePanel }) {
    this.server = require('node:http').createServer((request, response) => {
      if (request.url === '/crash') process.exit(3);
      const isPull = request.url.startsWith('/api/pr/');
      response.setHeader('content-type', isPull ? 'application/json' : 'text/html');
      response.end(isPull
        ? JSON.stringify({ title: '<b>Retry</b> ' + request.url, status: 'merged', url: 'https://example.com/42' })
        : '<!doctype html><h1>Forge ' + process.pid + '</h1><button onclick="fetch(\\'/crash\\')">Crash</button>');
    });
    this.server.listen(0, '127.0.0.1', () => announcePanel(this.server.address().port));
  }
  dispose() { this.server.close(); }
};`;

describe('services in the console', () => {
  let model: ScriptedModel;
  let product: Product;
  let browser: Browser;
  let ada: Person;
  let page: Page;
  let session: SessionPage;

  beforeAll(async () => {
    const manifest: { id: string; label: string } = JSON.parse(await sample('manifest.json'));
    const forge = {
      id: 'forge',
      label: 'Forge',
      icon: 'github',
      entry: './index.cjs',
      sigils: [{ type: 'pr', label: 'Pull Request', resolve: '/api/pr/{id}', aliases: ['mr'] }],
      files: { 'index.cjs': FORGE },
    };
    const files = { 'index.ts': await sample('index.ts.txt'), 'panel/index.html': await sample('panel/index.html') };
    model = await startScriptedModel();
    model.otherwise((answer) => answer.text('I have seen it.'));
    [product, browser] = await Promise.all([
      Product.start({ services: [{ ...manifest, files }, forge], modelsJson: model.modelsJson }),
      launchBrowser(),
    ]);
    const owner = await new RelayApi(product.url).register('ada@example.com');
    // A service that ends in the middle of an answer is an error for its page.
    ada = await Person.open(browser, product.url, 'ada@example.com', { expected: [/status of 50\d/, /ERR_/] });
    await ada.signIn();
    ({ page } = ada);
    const sessionId = await startSession(owner, product.runnerId);
    const type = 'my-service:something_happened';
    expect((await owner.post(`/api/sessions/${sessionId}/trigger-subscriptions`, { triggerType: type })).status).toBe(
      201,
    );
    session = await ada.openSession(sessionId);
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
    await model.close();
  });

  it('a panel’s button fires the trigger, which is seen in the session', async () => {
    await open('My Service');
    await panel('My Service').getByRole('button', { name: 'Do the thing' }).click();
    await session.log.locator('pz-trigger-card').filter({ hasText: 'A thing happened' }).waitFor();
    await session.is('idle');
    await takePictures(page, '80-panel');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
  });

  it('a panel goes on while another tab is looked at, and while the inspector is closed', async () => {
    const button = panel('My Service').getByRole('button', { name: 'Do the thing' });
    const started = (): Promise<number> => button.evaluate(() => performance.timeOrigin);
    const before = await started();
    await page.getByRole('tab', { name: 'Details' }).click();
    const inspector = page.getByRole('button', { name: 'Triggers, panels, tunnels and details' });
    await inspector.click();
    await page.getByRole('complementary', { name: 'About this session' }).waitFor({ state: 'hidden' });
    await inspector.click();
    await page.getByRole('tab', { name: 'Panels' }).click();
    expect(await started()).toBe(before);
  });

  it('a panel covers a phone', async () => {
    await page.setViewportSize(PHONE);
    await page.getByRole('button', { name: 'Panels', exact: true }).click();
    await page.getByRole('menuitem', { name: 'My Service' }).click();
    await page.getByRole('dialog', { name: 'Panel' }).waitFor();
    await panel('My Service').getByRole('button', { name: 'Do the thing' }).waitFor();
    await takePicture(page, '81-panel-sheet');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Close My Service' }).click();
    await page.setViewportSize(WIDE);
  });

  it('a sigil is a chip that its service gives a title, as text', async () => {
    model.next((answer) => answer.text('It is [[mr:42 repo=shop]].'));
    await session.send('Which one is it?');
    const chip = session.log.locator('pz-sigil').first();
    await chip.getByRole('link').waitFor();
    expect(await chip.locator('.title').innerText()).toBe('<b>Retry</b> /api/pr/42?repo=shop');
    await session.is('idle');
  });

  it('says that a service crashed, and loads its panel again by itself', async () => {
    await open('Forge');
    const heading = panel('Forge').getByRole('heading', { name: /^Forge \d+/ });
    const before = await heading.innerText();
    await panel('Forge').getByRole('button', { name: 'Crash' }).click();
    const isBack = waitFor(async () => (await heading.innerText({ timeout: 30_000 })) !== before, {
      description: 'the panel shows the new process',
      timeoutMs: 30_000,
    });
    // On a busy machine the service may be back before the browser has drawn that it was away.
    await Promise.race([page.locator('pz-service-panel').getByText('Forge is restarting').waitFor(), isBack]);
    await isBack;
  });

  it('is disabled and enabled from the runner’s page, where its log is', async () => {
    await page.goto(`/runners/${product.runnerId}/services?log=forge`);
    await page.getByRole('log', { name: 'Log of Forge' }).getByText('exit code 3').first().waitFor();
    await takePictures(page, '86-services');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    const row = page.locator('pz-service-row').filter({ hasText: 'Forge' });
    await row.getByRole('switch').click();
    await row.getByText('disabled').waitFor();
    await session.page.goto(`/s/${session.sessionId}`);
    await page.locator('pz-service-panel').getByText('Forge is disabled').waitFor();
    await page.getByRole('button', { name: 'Enable' }).click();
    await panel('Forge')
      .getByRole('heading', { name: /^Forge/ })
      .waitFor();
  });

  it('had nothing to complain of', () => {
    expect(ada.complaints).toEqual([]);
  });

  function open(label: string): Promise<void> {
    return page.getByRole('group', { name: 'Panels' }).getByRole('button', { name: label }).click();
  }
  function panel(label: string): FrameLocator {
    return page.frameLocator(`iframe[title="${label}"]`);
  }
});
