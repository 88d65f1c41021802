import { gate, type ScriptedModel, waitFor } from '@pizzapi/testing';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeskAndPhone } from './console/desk-and-phone.js';
import type { Person } from './console/person.js';
import { takePictures } from './console/pictures.js';
import type { Product } from './console/product.js';
import type { SessionPage } from './console/session-page.js';
import { startSession } from './console/tunnels.js';
import { ASKING } from './scenarios/asking-server.js';

/** While the runner is away. */
const AWAY = [/status of 503 .* \/api\/runners\/[\w-]+\/models$/];

/** One person at a desk and with a phone. */
describe('what comes from elsewhere', () => {
  let world: DeskAndPhone;
  let model: ScriptedModel;
  let product: Product;
  let desk: Person;
  let phone: Person;
  let session: SessionPage;

  beforeAll(async () => {
    const counter = { command: 'node', args: ['--input-type=module', '--eval', ASKING] };
    world = await DeskAndPhone.start({ config: { mcpServers: { counter } }, expected: AWAY });
    ({ model, product, desk, phone } = world);
    session = await desk.openSession(await startSession(world.owner, product.runnerId, { name: 'Counter' }));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** The agent calls a tool of the server. @returns the card by which that asks */
  async function calls(tool: string): Promise<Locator> {
    model.next(
      (said) => said.toolCall(`mcp__counter__${tool}`, {}),
      (said) => said.text(`Done with ${tool}.`),
    );
    await session.send(`Please ${tool}`);
    const card = session.log.getByRole('group', { name: 'The MCP server counter asks' });
    await card.waitFor();
    return card;
  }
  /** What the server was answered, as the agent read it. */
  const heard = (): string => JSON.stringify(model.requests.at(-1)?.messages.at(-1));

  it('an MCP server asks for values, a card each; what is left out is not answered', async () => {
    const card = await calls('order');
    await card.getByText('The kitchen closes at ten.').waitFor();
    await world.look('90-server-asks');
    await card.getByText('large', { exact: true }).click();
    await card.getByRole('button', { name: 'Answer', exact: true }).click();
    await card.getByText(/A word to the kitchen/).waitFor();
    await card.getByText('Leave it out').click();
    await card.getByRole('button', { name: 'Answer', exact: true }).click();
    await session.says('Done with order.');
    expect(heard()).toContain(
      JSON.stringify(JSON.stringify({ action: 'accept', content: { size: 'large' } })).slice(1, -1),
    );
  });

  it('it wants an address opened, which nothing but a person does', async () => {
    const card = await calls('pay');
    const link = card.getByRole('link', { name: /^Open 127\.0\.0\.1:9 in a new tab/ });
    expect(await link.getAttribute('href')).toBe('http://127.0.0.1:9/pay?order=17');
    expect(desk.context.pages()).toHaveLength(1);
    await world.look('91-server-address');
    await card.getByRole('button', { name: 'I have opened it' }).click();
    await session.says('Done with pay.');
    expect(heard()).toContain('accept');
    expect(desk.context.pages()).toHaveLength(1);
  });

  it('it asks the session’s model once somebody has read what it sends; a no is a no', async () => {
    model.next(
      (said) => said.toolCall('mcp__counter__praise', {}),
      (said) => said.text('How round it is.'),
      (said) => said.text('Praised.'),
    );
    await session.send('Please praise');
    const card = session.log.getByRole('group', { name: 'The MCP server counter asks' });
    await card.getByText('Praise a margherita in one sentence.').waitFor();
    await card.getByText('You praise pizzas.').waitFor();
    await world.look('92-server-wants-model');
    const before = model.requests.length;
    await card.getByRole('button', { name: 'Ask the model, this once' }).click();
    await session.says('Praised.');
    expect(JSON.stringify(model.requests[before]?.messages)).toContain('You praise pizzas.');
    expect(heard()).toContain('How round it is.');

    const again = await calls('praise');
    await again.getByRole('button', { name: 'Don’t answer' }).click();
    await session.says('Done with praise.');
    expect(heard()).toContain('Nobody agreed to ask the model.');
  });

  it('files of a phone, chosen, pasted and dropped, wait for a runner that is away and arrive with their message', async () => {
    const atPhone = await phone.openSession(session.sessionId);
    const { page } = phone;
    await page.locator('pz-composer input[type=file]').setInputFiles({
      name: 'chosen.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('slice;size\n1;42\n'),
    });
    await product.stopRunner();
    await page.evaluate(GIVE_FILES);
    await page.getByText('3 files attached').waitFor({ state: 'attached' });
    const names = await page.locator('pz-file-chips .name').allTextContents();
    expect(names).toEqual(['chosen.csv', 'pasted.txt', 'dropped.txt']);
    await takePictures(page, '93-files-on-a-phone');
    await atPhone.composer.fill('Read these');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await atPhone.chips.getByText('Read these').waitFor();
    // It is the relay's, not this page's: it is there after a reload, and in the browser that had the session open all the time; each can change it.
    await page.reload();
    await atPhone.chips.getByText('Read these').waitFor();
    await session.chips.getByText('Read these').click();
    await session.chips.getByRole('textbox', { name: 'Queued message' }).fill('Read all of these');
    await desk.page.keyboard.press('Enter');
    await session.chips.getByText('Read all of these').waitFor();
    await atPhone.chips.getByText('Read all of these').waitFor();
    await takePictures(page, '94-files-wait');
    const read = gate();
    model.next(
      (said) => said.toolCall('bash', { command: 'cat ../attachments/*/*/*.txt ../attachments/*/*/*.csv' }),
      async (said) => {
        await said.text('All three are here.');
        read.open();
      },
    );
    await product.startRunner();
    await read.opened;
    await atPhone.says('All three are here.');
    const result = JSON.stringify(model.requests.at(-1)?.messages.at(-1));
    for (const words of ['from the clipboard', 'from a folder', '1;42']) expect(result).toContain(words);
    await session.says('All three are here.');
    for (const { chips } of [atPhone, session])
      await waitFor(async () => (await chips.count()) === 0, { description: 'nothing waits any more' });
  });

  it('had nothing to complain of', () => {
    expect([desk.complaints, phone.complaints]).toEqual([[], []]);
  });
});

/** In the page: as text, because it runs there. */
const GIVE_FILES = `(() => {
  const bring = (name, text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: 'text/plain' }));
    return data;
  };
  const field = document.querySelector('pz-composer textarea');
  const pasted = new ClipboardEvent('paste', { clipboardData: bring('pasted.txt', 'from the clipboard'), bubbles: true, cancelable: true });
  field.dispatchEvent(pasted);
  const dropped = bring('dropped.txt', 'from a folder');
  for (const type of ['dragenter', 'dragover', 'drop'])
    field.dispatchEvent(new DragEvent(type, { dataTransfer: dropped, bubbles: true, cancelable: true }));
})()`;
