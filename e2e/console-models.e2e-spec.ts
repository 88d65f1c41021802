import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addOvenLog,
  type Gate,
  gate,
  launchBrowser,
  ovenLog,
  type ScriptedModel,
  startScriptedModel,
} from '@pizzapi/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from './console/person.js';
import { takePicture, takePictures } from './console/pictures.js';
import { Product } from './console/product.js';
import type { SessionPage } from './console/session-page.js';
import { serve } from './console/tunnels.js';
import { OVEN } from './scenarios/oven-server.js';
import { twoModels } from './scenarios/two-models.js';

const HOSTILE = [
  '<script>window.__harmed = "script"</script>',
  '<img src="/nowhere.png" onerror="window.__harmed = \'image\'">',
  '[a trap](javascript:window.__harmed="link")',
  '![a picture](javascript:window.__harmed="picture")',
  '<a href="javascript:window.__harmed=\'raw link\'" onclick="window.__harmed=\'click\'">a raw trap</a>',
  '[a good address](https://example.com/menu)',
].join('\n\n');

describe('a session with a model of models.json', () => {
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

  /** As a script does, which chooses neither folder nor model by hand. */
  async function startSession(wanted: { cwd?: string; name: string }): Promise<string> {
    const body = JSON.stringify({ runnerId: product.runnerId, ...wanted });
    const { sessionId } = await ada.page.evaluate<{ sessionId: string }>(
      `fetch('/api/sessions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: ${JSON.stringify(body)},
      }).then((answer) => answer.json())`,
    );
    return sessionId;
  }

  it('offers its models, and no Demo', async () => {
    const dialog = await ada.newSession();
    const offered = await dialog.offeredModels();
    expect(offered.map((name) => name.replace(/ (?:·|\().*/, '')).sort()).toEqual(['Scripted model', 'Second model']);
    await dialog.chooseModel('Scripted model');
    await dialog.prompt.fill('Count the slices');
    await takePicture(ada.page, '20-models-wide-dark');
  });

  it('streams its text as it comes, runs its tool and answers again', async () => {
    const more: Gate = gate();
    model.next(
      async (answer) => {
        await answer.thinking('Eight, I think.');
        await answer.text('First slice. ');
        await more.opened;
        await answer.text('Second slice.');
        await answer.toolCall('bash', { command: 'seq 101 103' });
      },
      (answer) => answer.text('All slices are **out**.'),
    );
    await ada.page.getByRole('button', { name: 'Start session' }).click();
    session = await ada.session();
    await session.says('First slice.');
    expect(await session.log.getByText('Second slice.').count()).toBe(0);
    more.open();
    await session.says('Second slice.');
    await session.says('All slices are out.');
    await session.is('idle');
    await session.log.getByRole('button', { name: /seq 101 103/ }).click();
    await session.log.getByRole('region', { name: 'Output' }).getByText('103').waitFor();
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool' });
  });

  it('shows what the conversation fills of the window, and what it cost', async () => {
    await session.footer.getByRole('img', { name: 'Context window: 110 of 100k' }).waitFor();
    await session.footer.getByText('$0.22').waitFor();
    await session.footer.getByRole('button').hover();
    await session.footer.getByRole('tooltip').getByText('Cached').waitFor();
    await takePictures(ada.page, '21-usage');
  });

  it('switches between the models', async () => {
    await session.header.locator('pz-model-switch').getByRole('button').click();
    await ada.page.getByRole('menuitem', { name: /Second model/ }).click();
    await session.header.locator('pz-model-switch').getByText('Second model').first().waitFor();
    model.next((answer) => answer.text('Said by the second.'));
    await session.send('And you?');
    await session.says('Said by the second.');
    expect(model.requests.at(-1)?.model).toBe('m2');
    await session.footer.getByText('of 50k').waitFor();
  });

  it('shows an error of the model, its retry and the answer that then comes', async () => {
    const back: Gate = gate();
    model.next(
      (answer) => answer.fail(503, 'The oven is overloaded'),
      async (answer) => {
        await back.opened;
        await answer.text('Hot again.');
      },
    );
    await session.send('Try the oven');
    await session.says(/Retrying 1 of \d/);
    await takePicture(ada.page, '22-retry-wide-dark');
    back.open();
    await session.says('Hot again.');
    await session.is('idle');
  });

  it('shows an error that no retry mends, and goes on when asked again', async () => {
    model.next((answer) => answer.fail(400, 'The oven does not know this pizza'));
    await session.send('Bake a calzone');
    await session.says('The oven does not know this pizza');
    await session.is('idle');
    await takePictures(ada.page, '23-error');
    model.next((answer) => answer.text('A margherita, then.'));
    await session.send('Bake a margherita');
    await session.says('A margherita, then.');
  });

  it('lets Markdown do nothing but be read', async () => {
    model.next((answer) => answer.text(HOSTILE));
    await session.send('Be nasty');
    await session.says('a good address');
    await session.is('idle');
    await session.log.getByText('a trap', { exact: true }).click();
    await session.log.getByText('a raw trap').click();
    for (const harmful of ['script', 'img', 'a[href^="javascript:" i]', '[onerror]', '[onclick]']) {
      expect(await session.log.locator(harmful).count(), harmful).toBe(0);
    }
    expect(await ada.page.evaluate('window.__harmed ?? "unharmed"')).toBe('unharmed');
    await session.log.getByText('<script>window.__harmed').waitFor(); // shown, as text
    const good = session.log.getByRole('link', { name: 'a good address' });
    expect(await good.getAttribute('rel')).toContain('noopener');
    await takePicture(ada.page, '24-hostile-markdown-wide-dark');
  });

  it('takes images and files along: to the model, to its tools, and back to the reader', async () => {
    const { page } = ada;
    const chooser = page.locator('pz-composer input[type=file]');
    const slices = { name: 'Größe der Stücke.csv', mimeType: 'text/csv', buffer: Buffer.from('slice;size\n1;42\n') };
    await chooser.setInputFiles([
      { name: 'pizza.png', mimeType: 'image/png', buffer: await page.screenshot() },
      slices,
      { name: 'harmless.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg onload="alert(1)"/>') },
    ]);
    await page.getByText('3 files attached').waitFor({ state: 'attached' });
    await session.composer.fill('What do you see?');
    await takePictures(page, '26-attached');
    await page.reload();
    const names = ['pizza.png', 'Größe der Stücke.csv', 'harmless.svg'];
    await page.locator('pz-file-chips .name').nth(2).waitFor();
    expect(await page.locator('pz-file-chips .name').allTextContents()).toEqual(names);
    await page.getByRole('button', { name: 'Remove harmless.svg' }).click();
    model.next(
      (answer) => answer.toolCall('bash', { command: 'cat ../attachments/*/*/*.csv' }),
      (answer) => answer.text('A screen, and slices of 42.'),
    );
    await session.composer.press('Enter');
    await session.says('A screen, and slices of 42.');
    expect(JSON.stringify(model.requests.at(-1)?.messages.at(-1))).toContain('1;42');
    const asked = JSON.stringify(model.requests.at(-2)?.messages.at(-1));
    expect(asked).toContain('data:image/');
    expect(asked).toMatch(/attachments\/.*\/Größe der Stücke\.csv \(text\/csv, 16 bytes\)/);
    const file = session.log.getByRole('link', { name: /Größe der Stücke\.csv/ });
    const [download] = await Promise.all([page.waitForEvent('download'), file.click()]);
    expect(download.suggestedFilename()).toBe(slices.name);
    await session.log.getByRole('button', { name: 'Enlarge pizza.png' }).click();
    await page.locator('pz-lightbox img').waitFor();
    const width = (): Promise<number> => page.evaluate("document.querySelector('pz-lightbox img').naturalWidth");
    await expect.poll(width, { timeout: 20_000 }).toBeGreaterThan(100);
    await page.keyboard.press('Escape');
    await takePictures(page, '27-attachments-said');
  });

  it('shows a port that the agent exposes, by whom, and that it is closed', async () => {
    await using server = await serve((_request, response) => response.end('<h1>Preview of a pizza</h1>'));
    const { page } = ada;
    model.next(
      (answer) => answer.toolCall('create_tunnel', { port: server.port, name: 'Preview' }),
      (answer) => answer.text('It is up.'),
    );
    await session.send('Show me');
    await session.says('It is up.');
    const call = session.log.locator('pz-tool-call-row').filter({ hasText: 'Exposed Preview' });
    const link = call.getByRole('link', { name: 'Open Preview in a tab' });
    await page.getByRole('tab', { name: /Tunnels/ }).click();
    const row = page.locator('pz-tunnel-row').filter({ hasText: `:${server.port}` });
    await row.getByText('opened by the agent').waitFor();
    await takePictures(page, '25-agent-tunnel');
    const [tab] = await Promise.all([ada.context.waitForEvent('page'), link.click()]);
    await tab.getByRole('heading', { name: 'Preview of a pizza' }).waitFor();

    model.next(
      (answer) => answer.toolCall('close_tunnel', { port: server.port }),
      (answer) => answer.text('It is closed.'),
    );
    await session.send('Enough');
    await session.says('It is closed.');
    await row.waitFor({ state: 'detached' });
    expect((await tab.reload())?.status()).toBe(404);
    await tab.goto((await link.getAttribute('href')) ?? '');
    await tab.getByRole('heading', { name: 'There is no such tunnel' }).waitFor();
    await tab.close();
  });

  it('asks before it starts a project’s MCP servers, shows them, and uses their tools', async () => {
    const { page } = ada;
    const folder = join(product.code, 'pizza-shop');
    const broken = { command: 'node', args: ['-e', 'console.error("The oven is cold"); process.exit(1)'] };
    const mcpServers = { oven: { command: 'node', args: ['oven.mjs'] }, broken };
    await writeFile(join(folder, '.mcp.json'), JSON.stringify({ mcpServers }));
    await writeFile(join(folder, 'oven.mjs'), OVEN);
    session = await ada.openSession(await startSession({ cwd: folder, name: 'Oven' }));
    await session.says('Start this project’s MCP servers?');
    await page.getByRole('tab', { name: 'Details' }).click();
    await page.locator('pz-mcp-section').getByText('Waits for your consent').first().waitFor();
    await takePictures(page, '28-mcp-consent');
    await page.getByRole('button', { name: 'Start them' }).click();
    await page.locator('pz-mcp-section').getByText('1 tool', { exact: true }).waitFor();
    await page
      .locator('pz-mcp-section')
      .getByText(/The oven is cold/)
      .waitFor();
    model.next(
      (answer) => answer.toolCall('mcp__oven__bake', { pizza: 'margherita' }),
      (answer) => answer.text('It is baked.'),
    );
    await session.send('Bake one');
    await session.says('It is baked.');
    expect(model.requests.at(-1)?.messages.at(-1)).toMatchObject({ role: 'tool', content: 'margherita, baked' });
    await takePictures(page, '29-mcp-servers');
  });

  it('shows the beginning of a tool’s long output, and saves all of it', async () => {
    const { page } = ada;
    await addOvenLog(join(product.home, 'agent'));
    // The model does not take so much, and pi would make a summary of it first.
    await writeFile(join(product.home, 'agent', 'settings.json'), JSON.stringify({ compaction: { enabled: false } }));
    session = await ada.openSession(await startSession({ name: 'Oven log' }));
    model.next(
      (answer) => answer.toolCall('oven_log', { lines: 60_000 }),
      (answer) => answer.text('It was hot all day.'),
    );
    await session.send('Read the log of the oven');
    await session.says('It was hot all day.');
    await session.is('idle');
    await session.log.getByRole('button', { name: /oven_log/ }).click();
    const all = session.log.getByRole('button', { name: 'Download all of it (3.4 MB)' });
    await all.waitFor();
    await session.log.getByText('output cut here: more than 1 MiB').waitFor({ state: 'attached' });
    await takePictures(page, '29b-long-output');
    const [download] = await Promise.all([page.waitForEvent('download'), all.click()]);
    expect(download.suggestedFilename()).toMatch(/^oven_log-\w+\.txt$/);
    await session.log.getByText('Downloaded.').waitFor();
    // As a fact: as texts, a failure would print megabytes.
    expect((await readFile(await download.path(), 'utf8')) === ovenLog(60_000)).toBe(true);
  });

  it('had nothing to complain of', () => {
    expect(ada.complaints).toEqual([]);
  });
});
