import { launchBrowser } from '@pizzapi/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person, PHONE, WIDE } from './console/person.js';
import { takePicture, takePictures } from './console/pictures.js';
import { Product } from './console/product.js';

/** Wider than the window, so that their end is out of sight. In the page: as text. */
const SCROLLING_CARDS = `[...document.querySelectorAll('.pz-card')].filter((card) => card.scrollWidth > card.clientWidth).length`;

/** The pages around the sessions: each is opened, looked at in every size, and used once. */
describe('accounts, settings and administration', () => {
  let product: Product;
  let browser: Browser;
  let ada: Person;
  let page: Page;

  beforeAll(async () => {
    [product, browser] = await Promise.all([Product.start(), launchBrowser()]);
    ada = await Person.open(browser, product.url, 'ada@example.com', {
      // The wrong password; and what was asked for while she signed out.
      expected: [/status of 401 .* \/api\/auth\/login$/, /status of 401 .* \/api\/dead-letters\/count$/],
    });
    ({ page } = ada);
    await page.goto('/');
    await ada.register('Ada Lovelace');
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
  });

  it('shows the profile and the appearance', async () => {
    for (const name of ['profile', 'appearance']) {
      await page.goto(`/settings/${name}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await takePictures(page, `40-${name}`);
    }
  });

  it('makes and revokes a key', async () => {
    await page.goto('/settings/keys');
    await page.getByRole('button', { name: 'New key' }).first().click();
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('Give the key a name').waitFor();
    await takePictures(page, '41-new-key');
    await page.getByLabel('Name').fill('build-2');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('“build-2” is ready').waitFor();
    await takePictures(page, '42-keys');
    await page.getByRole('button', { name: 'Revoke build-2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke build-2' }).waitFor({ state: 'detached' });
  });

  it('invites', async () => {
    await page.goto('/admin/members');
    await page.getByText('None open').waitFor();
    await takePictures(page, '43-members');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByLabel('Email').fill('grace@example.com');
    await takePictures(page, '44-invite');
    await page.getByRole('button', { name: 'Create link' }).click();
    await page.getByText('The invitation is ready').waitFor();
    await takePictures(page, '45-invited');
  });

  it('shows a runner and how to add one', async () => {
    await page.goto(`/runners/${product.runnerId}`);
    await page.getByRole('cell', { name: 'Demo (no LLM)' }).waitFor();
    await takePictures(page, '46-runner');
    await page.goto('/runners');
    await page.getByRole('button', { name: 'Add a runner' }).click();
    await takePictures(page, '47-add-runner');
  });

  it('keeps its lists within a phone, however long a name is', async () => {
    const name = 'a-machine-with-a-really-long-name.in-a-datacentre.internal.example.com';
    await page.goto(`/runners/${product.runnerId}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByLabel('Name of the runner').fill(name);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name }).waitFor();
    await page.goto('/settings/keys');
    await page.getByRole('button', { name: 'New key' }).first().click();
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText(`“${name}” is ready`).waitFor();
    await page.setViewportSize(PHONE);
    for (const path of ['/runners', '/settings/keys']) {
      await page.goto(path);
      await page.getByRole('cell', { name }).first().waitFor();
      expect(await page.evaluate(SCROLLING_CARDS), path).toBe(0);
      await takePicture(page, `54-long-name${path.replaceAll('/', '-')}-narrow-dark`);
    }
    await page.setViewportSize(WIDE);
  });

  it('opens palette and shortcuts', async () => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Ready when you are' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await takePictures(page, '48-palette');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await takePictures(page, '49-shortcuts');
    await page.keyboard.press('Escape');
  });

  it('says that a page could not be loaded, and loads it with a reload', async () => {
    // The service worker would have the chunk already.
    const fresh = await Person.open(browser, product.url, ada.email, { expected: [/./], serviceWorkers: 'block' });
    await fresh.signIn();
    await fresh.page.route('**/chunk-*.js', (route) => route.abort());
    await fresh.page.getByRole('link', { name: 'Settings' }).click();
    const failure = fresh.page.getByRole('alertdialog', { name: 'This part of the console could not be loaded' });
    await failure.waitFor();
    await takePictures(fresh.page, '50-load-failure');
    await fresh.page.unroute('**/chunk-*.js');
    await failure.getByRole('button', { name: 'Reload' }).click();
    await fresh.page.waitForURL('**/settings/profile');
    await fresh.page.getByRole('heading', { name: 'Profile' }).waitFor();
    await fresh.context.close();
  });

  it('offers no shortcut on a phone', async () => {
    await page.setViewportSize(PHONE);
    await page.goto('/');
    await page.getByLabel('Search sessions by name, folder and model').waitFor();
    expect(await page.getByRole('button', { name: 'Command palette' }).isVisible()).toBe(false);
    await page.setViewportSize(WIDE);
  });

  it('signs out, refuses a wrong password and an open registration', async () => {
    // What is asked for with a page is answered by then.
    await page.goto('/settings/profile', { waitUntil: 'networkidle' });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/login**');
    await takePictures(page, '51-login');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Enter your email address').waitFor();
    await page.getByLabel('Email').fill(ada.email);
    await page.getByLabel('Password').fill('not the one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Not signed in').waitFor();
    await takePictures(page, '52-refused');
    await page.goto('/register');
    await page.getByText('By invitation').waitFor();
    await takePicture(page, '53-by-invitation-wide-dark');
  });

  it('had nothing to complain of', () => {
    expect(ada.complaints).toEqual([]);
  });
});
