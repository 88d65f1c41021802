import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TranscriptPage } from '@pizzapi/protocol';
import { launchBrowser, waitFor } from '@pizzapi/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './console/accessibility.js';
import { Person, PHONE, WIDE } from './console/person.js';
import { takePicture, takePictures } from './console/pictures.js';
import { Product } from './console/product.js';
import { type SessionPage, wordsOf } from './console/session-page.js';

/** The steps of one person's first hour, in order: each goes on where the one before ended. */
describe('the first hour with the Demo model', () => {
  let product: Product;
  let browser: Browser;
  let ada: Person;
  let session: SessionPage;

  beforeAll(async () => {
    [product, browser] = await Promise.all([Product.start(), launchBrowser()]);
    ada = await Person.open(browser, product.url, 'ada@example.com');
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
  });

  it('creates the first account and finds the runner online without a key', async () => {
    await ada.page.goto('/');
    await ada.page.waitForURL('**/register');
    await takePictures(ada.page, '01-first-visit');
    await ada.register('Ada Lovelace');
    await ada.page.getByRole('heading', { name: 'Ready when you are' }).waitFor();
    await takePictures(ada.page, '02-ready');
    await ada.page.getByRole('link', { name: 'Runners', exact: true }).click();
    await ada.page.getByRole('row').getByRole('img', { name: 'online' }).waitFor();
    await takePictures(ada.page, '03-runners');
    await ada.page.getByRole('link', { name: 'PizzaPi' }).click();
  });

  it('starts a session: a runner, a folder of it, the Demo model, a prompt', async () => {
    const dialog = await ada.newSession();
    await dialog.runners.getByRole('img', { name: 'online' }).waitFor();
    await dialog.enter('pizza-shop');
    const folder = `${product.code}/pizza-shop`;
    await waitFor(async () => (await dialog.folder.inputValue()) === folder, {
      description: 'the folder is taken over',
    });
    await dialog.folders.getByRole('button', { name: 'src' }).waitFor();
    expect(await dialog.offeredModels()).toEqual(['Demo (no LLM) (default)']);
    await dialog.prompt.fill('Bake the menu page');
    await takePictures(ada.page, '04-new-session');
    await ada.page.evaluate(NOTE_WHAT_IS_SEEN);
    await dialog.start();
    session = await ada.session();
    await session.says('Bake the menu page');
    await session.composer.and(ada.page.locator(':focus')).waitFor();
    await session.header.locator('pz-model-switch').getByText('Demo (no LLM)').first().waitFor();
  });

  it('shows thinking, growing text and a command with growing output', async () => {
    const seen = () => ada.page.evaluate<{ thinking: boolean; lengths: number[] }>('window.__seen');
    await waitFor(async () => (await seen()).thinking, { description: 'thinking was shown' });
    await waitFor(async () => (await seen()).lengths.length > 3, { description: 'text was seen to grow' });
    await session.log.getByRole('region', { name: 'Output' }).getByText('step 2 of 8').waitFor();
    await takePicture(ada.page, '05-working-wide-dark');
  });

  it('steers the turn: the words enter the conversation, and the agent does something else next', async () => {
    await session.send('Use the wood-fired oven');
    await session.says('You steered this demo');
    await session.log.locator('pz-user-row').getByText('Use the wood-fired oven').waitFor();
    await takePicture(ada.page, '06-steered-wide-dark');
  });

  it('misses and repeats nothing when reloaded in mid-stream', async () => {
    await ada.page.reload();
    await session.is('working');
    await session.says('Summary of the demo');
    await session.log.locator('pz-diff-view').getByText('- Use the wood-fired oven').first().waitFor();
    await session.is('idle');
    await session.isAtItsEnd();
    await takePictures(ada.page, '07-idle');
    await session.isAtItsEnd();
    await expectWhole(session);
  });

  it('shows the same in a second browser at the same time', async () => {
    const second = await Person.open(browser, product.url, ada.email);
    await second.signIn();
    const other = await second.openSession(session.sessionId);
    await other.is('idle');
    await session.send('Once more, for two');
    await other.is('working');
    await waitFor(() => other.streamedLength(), { description: 'the other streams, too' });
    await other.queue('Said by the second browser');
    await session.chips.getByText('queued: “Said by the second browser”').waitFor();
    await other.is('working');
    await takePicture(second.page, '08-second-browser-wide-dark');
    await session.chips.getByRole('button', { name: 'Take back' }).click();
    await other.chips.waitFor({ state: 'detached' });
    for (const each of [session, other]) {
      await each.is('idle');
      await expectWhole(each);
    }
    expect(second.complaints).toEqual([]);
    await second.context.close();
  });

  it('queues, takes back and aborts', async () => {
    await session.send('A third time');
    await session.is('working');
    await session.queue('And then the drinks');
    await session.chips.getByText('queued: “And then the drinks”').waitFor();
    await takePicture(ada.page, '09-queued-wide-dark');
    await session.chips.getByRole('button', { name: 'Take back' }).click();
    await session.chips.waitFor({ state: 'detached' });
    await ada.page.getByRole('button', { name: 'Abort the turn' }).click();
    await session.is('idle');
    await session.says('Aborted');
    expect(await session.log.getByText('And then the drinks').count()).toBe(0);
    await takePicture(ada.page, '10-aborted-wide-dark');
  });

  it('completes a command, and runs it', async () => {
    const field = ada.page.getByRole('textbox', { name: 'Message' });
    await field.fill('/');
    await ada.page.getByRole('option', { name: /^\/compact/ }).waitFor();
    await takePictures(ada.page, '10b-commands');
    await field.fill('/na');
    await field.press('Enter');
    expect(await field.inputValue()).toBe('/name ');
    await field.pressSequentially('Pizza shop');
    await field.press('Enter');
    await session.header.getByRole('heading', { name: 'Pizza shop' }).waitFor();
    await session.says('Ada Lovelace ran /name Pizza shop');
  });

  it('names a file of the folder that git does not ignore', async () => {
    const folder = join(product.code, 'pizza-shop');
    for (const [name, content] of Object.entries({ '.gitignore': '*.log', 'menu.log': '', 'src/menu.ts': '' }))
      await writeFile(join(folder, name), content);
    const field = ada.page.getByRole('textbox', { name: 'Message' });
    await field.fill('Look at @men');
    const files = ada.page.getByRole('listbox', { name: 'Files' }).getByRole('option');
    await ada.page.getByRole('option', { name: 'menu.ts src' }).waitFor();
    expect(await files.count()).toBe(1);
    await takePictures(ada.page, '10c-files');
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    await ada.page.emulateMedia({ colorScheme: 'dark' });
    await field.press('Tab');
    expect(await field.inputValue()).toBe('Look at @src/menu.ts ');
    await field.fill('');
  });

  it('switches the theme, renames and pins', async () => {
    await session.log.focus();
    await ada.page.keyboard.press('g');
    await ada.page.keyboard.press('t');
    await ada.page.locator('html[data-theme=light]').waitFor();
    await session.choose('Rename');
    await ada.page.getByRole('textbox', { name: 'Session name' }).fill('The menu page');
    await ada.page.keyboard.press('Enter');
    await session.header.getByRole('heading', { name: 'The menu page' }).waitFor();
    await session.choose('Pin');
    const rail = ada.page.getByRole('navigation', { name: 'Sessions' });
    await rail.getByRole('heading', { name: 'Pinned' }).waitFor();
    await ada.page.reload();
    await session.header.getByRole('heading', { name: 'The menu page' }).waitFor();
    await rail.getByRole('heading', { name: 'Pinned' }).waitFor();
    await session.says('Aborted');
    await session.isAtItsEnd();
    await takePicture(ada.page, '11-pinned-wide-light');
  });

  it('is found by its name, its folder and its model', async () => {
    const search = ada.page.getByLabel('Search sessions by name, folder and model');
    const rail = ada.page.getByRole('navigation', { name: 'Sessions' });
    for (const words of ['menu', 'pizza-shop', 'demo']) {
      await search.fill(words);
      await rail.getByRole('link', { name: /The menu page/ }).waitFor();
    }
    await search.fill('lasagne');
    await ada.page.getByText('Nothing found').waitFor();
    await search.fill('');
  });

  it('ends, and resumes from its file', async () => {
    await session.header.getByRole('button', { name: 'End', exact: true }).click();
    await ada.page.getByRole('button', { name: 'Dismiss' }).click(); // not undone
    await session.is('ended');
    await takePicture(ada.page, '12-ended-wide-light');
    await session.header.getByRole('button', { name: 'Resume' }).click();
    await session.is('idle');
    await session.send('Still there?');
    await session.is('working');
    await session.says('Still there?');
    await session.is('idle');
    await expectWhole(session);
  });

  it('is usable on a phone: from the list to the session, to the composer and back', async () => {
    await ada.page.setViewportSize(PHONE);
    await ada.page.goto('/');
    await ada.page.getByRole('link', { name: /The menu page/ }).click();
    await session.says('Summary of the demo');
    for (const part of [session.header, session.log, session.composer]) {
      const box = await part.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(PHONE.width);
    }
    await ada.page.getByRole('textbox', { name: 'Message' }).fill('From the sofa');
    await takePicture(ada.page, '13-phone-light');
    await ada.page.getByRole('button', { name: 'Send' }).click();
    await session.is('working');
    await session.says('From the sofa');
    await ada.page.getByRole('button', { name: 'Abort the turn' }).click();
    await session.is('idle');
    await ada.page.getByRole('link', { name: 'Back to the list' }).click();
    await ada.page.getByRole('link', { name: /The menu page/ }).waitFor();
    await takePicture(ada.page, '14-phone-list-light');
    await ada.page.setViewportSize(WIDE);
  });

  it('had nothing to complain of', () => {
    expect(ada.complaints).toEqual([]);
  });

  /** No event missed or doubled, and every answer in full, as the transcript has it. */
  async function expectWhole(shown: SessionPage): Promise<void> {
    const { lastEventSeq } = await read<{ lastEventSeq: number }>(shown, `/api/sessions/${shown.sessionId}`);
    await shown.reached(lastEventSeq);
    expect(await shown.counts()).toMatchObject({ gaps: 0, duplicates: 0 });
    const { entries } = await read<TranscriptPage>(shown, `/api/sessions/${shown.sessionId}/transcript?limit=200`);
    const written = entries
      .filter(({ kind }) => kind === 'assistant')
      .flatMap(({ content }) => textsOf(content))
      .map(wordsOf);
    expect((await shown.answers()).map(wordsOf)).toEqual(written);
  }
});

/** Much is shown for a moment only, so the page notes it itself. As text, because it runs there. */
const NOTE_WHAT_IS_SEEN = `(() => {
  const seen = (window.__seen = { thinking: false, lengths: [0] });
  new MutationObserver(() => {
    const log = document.querySelector('[role=log]');
    if (!log) return;
    seen.thinking ||= [...log.querySelectorAll('button')].some(({ textContent }) => /^\\s*Thinking · /.test(textContent));
    const length = [...log.querySelectorAll('pz-markdown.live')].at(-1)?.textContent.length ?? 0;
    if (length > seen.lengths.at(-1)) seen.lengths.push(length);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
})()`;

async function read<T>(session: SessionPage, path: string): Promise<T> {
  const body: T = await (await session.page.request.get(path)).json();
  return body;
}

/** The text blocks of an assistant's message. */
function textsOf(message: unknown): string[] {
  if (typeof message !== 'object' || message === null || !('content' in message) || !Array.isArray(message.content))
    return [];
  return message.content.flatMap((block: { type?: string; text?: string }) =>
    block.type === 'text' && block.text ? [block.text] : [],
  );
}
