import { launchBrowser, type ScriptedModel, startScriptedModel, waitFor } from '@pizzapi/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from './console/person.js';
import { takePicture, takePictures } from './console/pictures.js';
import { Product } from './console/product.js';
import { SessionPage } from './console/session-page.js';
import { twoModels } from './scenarios/two-models.js';

describe('a conversation that goes on in more than one way', () => {
  let model: ScriptedModel;
  let product: Product;
  let browser: Browser;
  let ada: Person;
  let session: SessionPage;

  beforeAll(async () => {
    model = await startScriptedModel();
    [product, browser] = await Promise.all([Product.start({ modelsJson: twoModels(model.url) }), launchBrowser()]);
    ada = await Person.open(browser, product.url, 'ada@example.com');
    await ada.page.goto('/');
    await ada.register('Ada');
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
    await model.close();
  });

  it('goes back to a message, says it differently, and finds both ways again, in every browser', async () => {
    const { page } = ada;
    const dialog = await ada.newSession();
    await dialog.enter('pizza-shop');
    await dialog.chooseModel('Scripted model');
    await dialog.prompt.fill('Which pizzas are there?');
    model.next((answer) => answer.text('Some thirty.'));
    await dialog.start();
    session = await ada.session();
    await session.says('Some thirty.');
    await session.is('idle');
    await session.choose('Rename');
    await page.getByRole('textbox', { name: 'Session name' }).fill('Oven');
    await page.keyboard.press('Enter');
    await session.header.getByRole('heading', { name: 'Oven' }).waitFor();
    model.next((answer) => answer.text('A quattro stagioni.'));
    await session.send('Suggest one');
    await session.says('A quattro stagioni.');
    await session.is('idle');
    const said = session.log.locator('pz-user-row').filter({ hasText: 'Suggest one' });
    await said.hover();
    await said.getByRole('button', { name: 'Edit' }).click();
    await page.getByText('You went back.').waitFor();
    await session.log.getByText('A quattro stagioni.').waitFor({ state: 'detached' });
    expect(await session.composer.inputValue()).toBe('Suggest one');
    await takePictures(page, '30-went-back');
    model.next((answer) => answer.text('A bianca.'));
    await session.send('Suggest a white one');
    await session.says('A bianca.');
    expect(JSON.stringify(model.requests.at(-1)?.messages)).not.toContain('quattro');
    const fork = session.log.getByRole('group', { name: /^Branch \d of 2$/ });
    await session.log.getByRole('group', { name: 'Branch 2 of 2' }).waitFor();
    await takePictures(page, '31-branches');

    const elsewhere = await ada.context.newPage();
    const other = new SessionPage(elsewhere, session.sessionId);
    await elsewhere.goto(`/s/${session.sessionId}`);
    await other.says('A bianca.');
    await session.is('idle');
    await fork.getByRole('button', { name: 'Previous branch' }).click();
    for (const { log } of [session, other]) {
      await log.getByText('A quattro stagioni.').waitFor();
      await log.getByText('A bianca.').waitFor({ state: 'detached' });
      await log.getByRole('group', { name: 'Branch 1 of 2' }).waitFor();
    }
    model.next((answer) => answer.text('With artichokes.'));
    await other.send('What is on it?');
    await session.says('With artichokes.');
    expect(JSON.stringify(model.requests.at(-1)?.messages)).not.toContain('bianca');
    await elsewhere.close();
  });

  it('forks a session from before a message, and says it differently there: the first stays as it is', async () => {
    const { page } = ada;
    const first = session;
    await first.is('idle');
    const said = first.log.locator('pz-user-row').filter({ hasText: 'What is on it?' });
    await said.hover();
    await takePicture(page, '32-message-acts-wide-dark');
    await said.getByRole('button', { name: 'Fork from before this message' }).click();
    const fork = await ada.sessionAfter(first);
    await fork.header.getByRole('heading', { name: 'Oven (fork)' }).waitFor();
    await fork.says('A quattro stagioni.');
    await waitFor(async () => (await fork.composer.inputValue()) === 'What is on it?', {
      description: 'the words wait to be said differently',
    });
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA');
    expect(await fork.log.getByText('With artichokes.').count()).toBe(0);
    model.next((answer) => answer.text('A light red.'));
    await fork.send('What do we drink with it?');
    await fork.says('A light red.');
    const asked = JSON.stringify(model.requests.at(-1)?.messages);
    expect(asked).toContain('quattro');
    expect(asked).not.toMatch(/artichokes|What is on it/);

    await page.getByRole('tab', { name: 'Details' }).click();
    const origin = page.locator('pz-fork-origin').getByRole('link', { name: 'Oven', exact: true });
    await origin.waitFor();
    await takePictures(page, '33-forked');
    await origin.click();
    await first.says('With artichokes.');
    expect(await first.log.getByText('A light red.').count()).toBe(0);
  });

  it('forks the whole conversation from the menu of a session', async () => {
    const { page } = ada;
    const first = session;
    await first.header.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Fork', exact: true }).waitFor();
    await takePictures(page, '34-session-menu');
    await page.getByRole('menuitem', { name: 'Fork', exact: true }).click();
    const fork = await ada.sessionAfter(first);
    await fork.says('With artichokes.');
    expect(await fork.composer.inputValue()).toBe('');
    model.next((answer) => answer.text('And capers.'));
    await fork.send('What else?');
    await fork.says('And capers.');
    expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain('artichokes');
    await page.goBack();
    await first.says('With artichokes.');
    expect(await first.log.getByText('And capers.').count()).toBe(0);
  });

  it('had nothing to complain of', () => {
    expect(ada.complaints).toEqual([]);
  });
});
