import { randomUUID } from 'node:crypto';
import { Namespace, type RelayToViewer, type SocketAnswer, type ViewerToRelay } from '@pizzapi/protocol';
import { launchBrowser } from '@pizzapi/testing';
import type { Browser } from 'playwright-core';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './console/accessibility.js';
import { Person, PHONE, WIDE } from './console/person.js';
import { takePicture, takePictures } from './console/pictures.js';
import { Product } from './console/product.js';
import type { SessionPage } from './console/session-page.js';

/** What Bob is refused here, his browser reports. */
const REFUSED = [/status of 404 .* \/api\/(?:sessions|runners)\//];

describe('a second person', () => {
  let product: Product;
  let browser: Browser;
  let ada: Person;
  let bob: Person;
  let secret: SessionPage;
  let link: string;

  beforeAll(async () => {
    [product, browser] = await Promise.all([Product.start(), launchBrowser()]);
    ada = await Person.open(browser, product.url, 'ada@example.com', {
      expected: [/status of 400 .*agent-policy/, /status of 409 .*invitations/],
    });
    bob = await Person.open(browser, product.url, 'bob@example.com', { expected: REFUSED });
    await ada.page.goto('/');
    await ada.register('Ada');
    const dialog = await ada.newSession();
    await dialog.prompt.fill('My secret sauce');
    await dialog.start();
    secret = await ada.session();
    await secret.is('working');
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
  });

  it('does not come in uninvited', async () => {
    await bob.page.goto('/');
    await bob.page.waitForURL('**/login');
    await bob.page.getByText('Ask an administrator for an invitation link.').waitFor();
    await bob.page.goto('/register');
    await bob.page.getByText('By invitation').waitFor();
  });

  it('is invited by a link, and registers with it', async () => {
    await ada.page.goto('/admin/members');
    await ada.page.getByRole('button', { name: 'Invite' }).click();
    await ada.page.getByRole('button', { name: 'Create link' }).click();
    link = await ada.page.getByRole('button', { name: 'Copy the invitation link' }).locator('code').innerText();
    await takePictures(ada.page, '30-invitation');
    await bob.page.goto(link);
    await takePicture(bob.page, '31-invited-wide-dark');
    await bob.register('Bob');
    await ada.page.reload();
    await ada.page.getByRole('row', { name: /Bob.*bob@example.com.*member/ }).waitFor();
  });

  it('is not invited again: the form says so at the address', async () => {
    await ada.page.getByRole('button', { name: 'Invite' }).click();
    await ada.page.getByLabel('Email').fill('Bob@example.com');
    await ada.page.getByRole('button', { name: 'Create link' }).click();
    await ada.page.getByText('has an account in this organisation').waitFor();
    await takePictures(ada.page, '31-invited-again');
    await ada.page.getByRole('button', { name: 'Cancel' }).click();
    await ada.page.getByText('None open').waitFor();
  });

  it('cannot use the link twice', async () => {
    const eve = await Person.open(browser, product.url, 'eve@example.com', { expected: [/status of 4\d\d/] });
    await eve.page.goto(link);
    await eve.askForAccount('Eve');
    await eve.page.getByText('No account was created').waitFor();
    await takePicture(eve.page, '31-used-up-wide-dark');
    await eve.context.close();
  });

  it('sees none of the first one’s runners and sessions', async () => {
    await bob.page.goto('/');
    await bob.page.getByText('Welcome, Bob').waitFor();
    await bob.page.getByText('No sessions yet').waitFor();
    await takePictures(bob.page, '32-bob-at-home');
    await bob.page.goto('/runners');
    await bob.page.getByText('No runner yet').waitFor();
    expect(await answerTo(bob, 'GET', '/api/sessions')).toMatchObject({ status: 200, body: { sessions: [] } });
    expect(await answerTo(bob, 'GET', '/api/runners')).toMatchObject({ status: 200, body: { runners: [] } });
  });

  it('finds no session under the other’s address', async () => {
    await bob.page.goto(`/s/${secret.sessionId}`);
    await bob.page.getByText('This session can’t be shown').waitFor();
    expect(await bob.page.getByText('secret sauce').count()).toBe(0);
    expect(await bob.page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
    await takePictures(bob.page, '33-not-found');
    await bob.page.setViewportSize(PHONE);
    await bob.page.getByRole('link', { name: 'Sessions', exact: true }).click();
    await bob.page.getByText('No sessions yet').waitFor();
    await bob.page.goto('/no/such/page');
    await bob.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await takePictures(bob.page, '34-no-such-page');
    await bob.page.setViewportSize(PHONE);
    await bob.page.getByRole('link', { name: 'Sessions', exact: true }).click();
    await bob.page.getByText('No sessions yet').waitFor();
    await bob.page.setViewportSize(WIDE);
  });

  it('gets the same answer for the other’s ids as for ids that nobody has', async () => {
    const requests = (sessionId: string, runnerId: string): [method: string, path: string][] => [
      ['GET', `/api/sessions/${sessionId}`],
      ['GET', `/api/sessions/${sessionId}/transcript`],
      ['POST', `/api/sessions/${sessionId}/input`],
      ['POST', `/api/sessions/${sessionId}/abort`],
      ['POST', `/api/sessions/${sessionId}/stop`],
      ['DELETE', `/api/sessions/${sessionId}`],
      ['GET', `/api/runners/${runnerId}`],
      ['GET', `/api/runners/${runnerId}/models`],
      ['GET', `/api/runners/${runnerId}/folders`],
    ];
    const nobodys = requests(randomUUID(), randomUUID());
    for (const [index, [method, path]] of requests(secret.sessionId, product.runnerId).entries()) {
      const answer = await answerTo(bob, method, path);
      expect(answer, `${method} ${path}`).toMatchObject({ status: 404, body: { code: 'not_found' } });
      const other = await answerTo(bob, method, nobodys[index]?.[1] ?? '');
      expect(answer.body.detail).toBe(other.body.detail);
    }
  });

  it('is not attached to the other’s session', async () => {
    const cookies = (await bob.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const socket: Socket<RelayToViewer, ViewerToRelay> = io(product.url + Namespace.viewer, {
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { cookie: cookies, origin: product.url },
    });
    try {
      const answer = await new Promise<SocketAnswer>((resolve, reject) => {
        socket.on('connect_error', reject);
        socket.emit('session:attach', { sessionId: secret.sessionId, afterSeq: 0 }, resolve);
      });
      expect(answer).toMatchObject({ ok: false, problem: { code: 'not_found' } });
    } finally {
      socket.disconnect();
    }
  });

  it('is under the organisation’s policy, which its owner gives in the browser', async () => {
    await bob.page.goto('/admin/policies');
    await bob.page.getByText('No sessions yet').waitFor();
    await ada.page.goto('/admin/policies');
    const tunnels = ada.page.getByRole('region', { name: 'Tunnels' });
    const save = ada.page.getByRole('button', { name: 'Save' }).and(ada.page.locator(':not(pz-tunnel-policy-card *)'));
    await ada.page.getByLabel('Blocked paths').fill('~/*.pem');
    await ada.page.getByRole('button', { name: 'Add a rule' }).click();
    await ada.page.getByRole('textbox', { name: 'Tool' }).fill('*');
    await save.click();
    await ada.page.getByText('each has to be a path; there are no patterns').waitFor();
    await takePictures(ada.page, '35-policies');
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    await ada.page.getByLabel('Blocked paths').fill('~/customers');
    await save.click();
    await ada.page.getByText('by Ada').waitFor();

    await ada.page.getByLabel('Owners').fill('http');
    await tunnels.getByRole('button', { name: 'Save' }).click();
    await ada.page.getByText('“http” is neither a port nor a range').waitFor();
    await ada.page.getByLabel('Readers').fill('none');
    await ada.page.getByLabel('Owners').fill('3000-3999, 5173');
    await takePictures(ada.page, '36-policies-tunnels');
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    await tunnels.getByRole('button', { name: 'Save' }).click();
    await ada.page.getByText('Tunnels that are no longer allowed were closed').waitFor();
    expect((await answerTo(ada, 'GET', '/api/tunnel-policy')).body['policy']).toEqual({
      owner: { ports: ['3000-3999', '5173'] },
      reader: { ports: [] },
    });

    await ada.page.goto('/');
    const dialog = await ada.newSession();
    await dialog.prompt.fill('Something for the policy');
    await dialog.start();
    const session = await ada.session();
    await session.log.getByText("Rule for every tool of your organisation's policy asks.").waitFor();
  });

  it('disturbed nobody', async () => {
    const answer = await answerTo(ada, 'GET', `/api/sessions/${secret.sessionId}`);
    expect(answer).toMatchObject({ status: 200, body: { status: 'active' } });
    expect([...ada.complaints, ...bob.complaints]).toEqual([]);
  });
});

/** What the person's own browser gets, with their cookie. */
function answerTo(
  person: Person,
  method: string,
  path: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const init = { method, ...(method === 'POST' ? { headers: { 'content-type': 'application/json' } } : {}) };
  const body = method === 'POST' ? `, body: '{"text":"hello"}'` : '';
  return person.page.evaluate(
    `fetch(${JSON.stringify(path)}, { ...${JSON.stringify(init)}${body} })
      .then(async (answer) => ({ status: answer.status, body: await answer.json() }))`,
  );
}
