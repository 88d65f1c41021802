import { launchBrowser, type ScriptedModel, startScriptedModel } from '@pizzapi/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './console/accessibility.js';
import { PAGES } from './console/pages.js';
import { Person, PHONE, WIDE } from './console/person.js';
import { Product } from './console/product.js';

/** What is out of reach to the right: of the window, or of a box that neither scrolls nor says so by an ellipsis. In the page: as text. */
const CUT_OFF = `[...document.querySelectorAll('body, body *')].flatMap((box) => {
  const style = getComputedStyle(box);
  const hides = style.overflowX === 'hidden' || box === document.body;
  const isTold = style.textOverflow === 'ellipsis' || box.closest('.sr-only, svg') !== null;
  return hides && !isTold && box.scrollWidth > box.clientWidth + 2 ? [box.localName + '.' + box.className] : [];
})`;

/** Of the relay while it is away. */
const EXPECTED = [/status of 50\d/, /WebSocket connection to/, /ERR_(CONNECTION_REFUSED|EMPTY_RESPONSE)/];

describe('the console at its extremes', () => {
  let model: ScriptedModel;
  let product: Product;
  let browser: Browser;
  let ada: Person;

  beforeAll(async () => {
    model = await startScriptedModel();
    [product, browser] = await Promise.all([Product.start({ modelsJson: model.modelsJson }), launchBrowser()]);
    ada = await Person.open(browser, product.url, 'ada@example.com', { expected: EXPECTED });
    await ada.page.goto('/register');
    await ada.register('Ada');
    const dialog = await ada.newSession();
    await dialog.prompt.fill('Greet me');
    model.next((answer) => answer.text('Good morning.'));
    await dialog.start();
    const session = await ada.session();
    await session.says('Good morning.');
    await session.is('idle');
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
    await model.close();
  });

  it('has dialogs for everybody, also where they are higher than the window', async () => {
    const { page } = ada;
    await page.goto('/');
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    await page.setViewportSize({ width: 900, height: 400 });
    for (const key of ['Control+k', '?', 'n']) {
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      expect(await accessibilityProblems(page), key).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.setViewportSize(WIDE);
  });

  it('loses nothing where text is twice as large', async () => {
    const { page } = ada;
    for (const size of [WIDE, PHONE]) {
      await page.setViewportSize(size);
      for (const path of PAGES) {
        await page.goto(path);
        await page.evaluate("document.documentElement.style.fontSize = '200%'");
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        expect(await page.evaluate(CUT_OFF), `${path} at ${size.width}`).toEqual([]);
      }
      await page.goto('/');
      await page.evaluate("document.documentElement.style.fontSize = '200%'");
      const dialog = await ada.newSession();
      await dialog.offeredModels();
      expect(await page.evaluate(CUT_OFF), `the dialog at ${size.width}`).toEqual([]);
    }
    await page.setViewportSize(WIDE);
  });

  it('keeps its contrast while the relay is away, and says once that it is', async () => {
    const { page } = ada;
    await page.goto('/');
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    await product.stopRelay();
    await page.getByText('What you see is from then').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.reload();
    await page.getByText('The relay can’t be reached').waitFor();
    expect(await page.getByText('What you see is from then').count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await product.startRelay();
    await page.getByRole('heading', { name: 'Now' }).waitFor();
  });

  it('had nothing to complain of', () => {
    expect(ada.complaints).toEqual([]);
  });
});
