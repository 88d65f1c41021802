import type { ListenerView, SessionView, SubscriptionView } from '@pizzapi/protocol';
import { launchBrowser, RelayApi, type ScriptedModel, startScriptedModel, waitFor } from '@pizzapi/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './console/accessibility.js';
import { CI, TYPE } from './console/ci-service.js';
import { followListeners } from './console/follow-listeners.js';
import { Person } from './console/person.js';
import { takePicture, takePictures } from './console/pictures.js';
import { Product } from './console/product.js';
import { SessionPage } from './console/session-page.js';
import { TriggersPanel } from './console/triggers-panel.js';

const TO_THE_TOP = '(log) => log.scrollTo(0, 0)';

/** One person lets the outside world speak to agents: each step goes on where the one before ended. */
describe('triggers in the console', () => {
  let model: ScriptedModel;
  let product: Product;
  let browser: Browser;
  let owner: RelayApi;
  let ada: Person;
  let page: Page;
  let session: SessionPage;
  let panel: TriggersPanel;

  beforeAll(async () => {
    model = await startScriptedModel();
    model.otherwise((answer) => answer.text('I have seen it.'));
    const { modelsJson } = model;
    [product, browser] = await Promise.all([Product.start({ services: [CI], modelsJson }), launchBrowser()]);
    owner = await new RelayApi(product.url).register('ada@example.com');
    ada = await Person.open(browser, product.url, 'ada@example.com', {
      expected: [
        /status of 422 .*\/trigger-broadcast$/, // a payload that breaks the schema
        /status of 404 .*\/triggers\//, // a trigger that is not on the bus yet
        /status of 503 .*\/models$/, // of a runner that has just left
      ],
    });
    ({ page } = ada);
    await ada.signIn();
    panel = new TriggersPanel(page);
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
    await model.close();
  });

  it('explains itself, with a line that fires at this session', async () => {
    await waitFor(async () => JSON.stringify((await owner.get('/api/runners')).body).includes(TYPE), {
      description: 'the service is announced',
    });
    const { runnerId, code } = product;
    const { body } = await owner.post<SessionView>('/api/sessions', { runnerId, cwd: `${code}/pizza-shop` });
    session = await ada.openSession(body.sessionId);
    await session.is('idle');
    await panel.box.getByText('A trigger is an event of the outside world').waitFor();
    await takePictures(page, '60-triggers-empty');
    await panel.takeDrawerPictures('60-triggers-empty-drawer');
    expect(await panel.box.locator('pz-copyable code').innerText()).toContain(
      `curl -X POST '${product.url}/api/sessions/${body.sessionId}/trigger'`,
    );
  });

  it('shows what arrives in the panel and the conversation, without a reload', async () => {
    const loads = await page.evaluate<number>('performance.timeOrigin');
    await fireAt(session.sessionId, { type: 'demo:hello', payload: { text: 'Hello' }, summary: 'Somebody says hello' });
    const row = await panel.has('Somebody says hello', 'Received');
    const card = session.log.locator('pz-trigger-card').filter({ hasText: 'demo:hello' });
    await card.waitFor();
    await card.getByRole('button', { name: 'Payload' }).click();
    await card.getByRole('group', { name: 'Payload' }).getByText('"text": "Hello"').waitFor();
    await row.getByRole('button', { name: /Somebody/ }).click();
    await row.getByText('"text": "Hello"').waitFor();
    await row.getByRole('link', { name: 'Show in the conversation' }).click();
    await session.log.locator('.row.marked pz-trigger-card').waitFor();
    await session.is('idle');
    await takePictures(page, '61-triggers-received');
    await panel.takeDrawerPictures('61-triggers-received-drawer');
    expect(await page.evaluate<number>('performance.timeOrigin')).toBe(loads);
  });

  it('goes on in a session of its own from before a trigger', async () => {
    const card = session.log.locator('pz-trigger-card').filter({ hasText: 'demo:hello' });
    await card.getByRole('button', { name: 'Fork from before this trigger' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(session.sessionId));
    const fork = await ada.session();
    await fork.is('idle');
    await fork.composer.and(page.locator(':focus')).waitFor();
    expect(await fork.composer.inputValue()).toBe('');
    expect(await fork.log.locator('pz-trigger-card').count()).toBe(0);
    await page.goBack();
    await card.waitFor();
  });

  it('subscribes, changes what is wanted, and takes a removal back', async () => {
    await panel.subscribe(TYPE, { field: 'status', value: 'failed' });
    await takePictures(page, '62-subscribe');
    await panel.submit();
    await panel.subscription(TYPE).getByText('status = failed').waitFor();
    await broadcast({ build: 1, status: 'passed' }, 'Build 1 passed');
    await broadcast({ build: 2, status: 'failed' }, 'Build 2 failed');
    await panel.has('Build 2 failed', 'Received');
    expect(await panel.box.getByText('Build 1 passed').count()).toBe(0);

    await page.getByRole('button', { name: `Edit the subscription to ${TYPE}` }).click();
    expect(await panel.dialog.getByLabel('Value', { exact: true }).inputValue()).toBe('failed');
    await panel.dialog.getByLabel('Value', { exact: true }).fill('failed, passed');
    await panel.submit();
    await panel.subscription(TYPE).getByText('status = failed | passed').waitFor();
    await broadcast({ build: 3, status: 'passed' }, 'Build 3 passed');
    await panel.has('Build 3 passed', 'Received');

    await page.getByRole('button', { name: `Unsubscribe from ${TYPE}` }).click();
    await panel.subscription(TYPE).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await panel.subscription(TYPE).waitFor();
    await session.is('idle');
    await takePictures(page, '63-subscribed');
    await panel.takeDrawerPictures('63-subscribed-drawer');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
  });

  it('follows a subscription that a script makes, changes and ends', async () => {
    const path = `/api/sessions/${session.sessionId}/trigger-subscriptions`;
    const { body } = await owner.post<SubscriptionView>(path, { triggerType: 'time:morning', params: { at: 'nine' } });
    await panel.subscription('time:morning').getByText('at = nine').waitFor();
    await owner.send('PATCH', `${path}/${body.subscriptionId}`, { body: { params: { at: 'ten' } } });
    await panel.subscription('time:morning').getByText('at = ten').waitFor();
    await owner.delete(`${path}/${body.subscriptionId}`);
    await panel.subscription('time:morning').waitFor({ state: 'detached' });
  });

  it('creates a listener, which starts a session for a trigger fired by hand', async () => {
    await page.goto(`/runners/${product.runnerId}/listeners`);
    await page.getByText('No listeners yet').waitFor();
    await takePicture(page, '64-listeners-empty-wide-dark');
    await page.getByRole('button', { name: 'New listener' }).click();
    const dialog = page.getByRole('dialog', { name: 'New listener' });
    await dialog.getByLabel('Trigger', { exact: true }).selectOption(TYPE);
    await dialog.getByLabel('What should the agent do?').fill('Find out why the build failed.');
    await dialog.getByRole('button', { name: 'Add a filter' }).click();
    await dialog.getByLabel('Field of the payload').fill('branch');
    await dialog.getByLabel('Value', { exact: true }).fill('main');
    await takePictures(page, '65-new-listener');
    await dialog.getByRole('button', { name: 'Create listener' }).click();
    await page.getByText('branch = main').waitFor();
    await takePictures(page, '66-listener');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await followListeners(page, owner, product.runnerId);

    await page.goto('/triggers?fire');
    const form = page.getByRole('form', { name: 'Fire a trigger' });
    await form.getByLabel('Trigger', { exact: true }).selectOption(TYPE);
    await form.getByLabel('Payload').fill('{"build": "nine", "status": "failed", "branch": "main"}');
    await form.getByRole('button', { name: 'Fire' }).click();
    await form.getByText('payload.build must be integer').waitFor();
    await takePictures(page, '67-fire');
    await form.getByLabel('Payload').fill('{"build": 9, "status": "failed", "branch": "main"}');
    await form.getByLabel('Summary').fill('Build 9 failed: lint');
    await form.getByRole('button', { name: 'Fire' }).click();
    await form.getByText('Fired: fits 1 subscription and 1 listener.').waitFor();
    await form.locator('pz-fired-trigger .received').nth(1).waitFor();
    await takePictures(page, '68-fired');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });

    const started = await theSessionOfAListener(({ status }) => status === 'active');
    session = await ada.openSession(started.sessionId);
    await session.log.locator('pz-trigger-card').getByText('Find out why the build failed.').waitFor();
    await session.is('idle');
    await details().getByRole('tab', { name: 'Details' }).click();
    await details()
      .getByRole('link', { name: `the listener for ${TYPE}` })
      .waitFor();
    await details().getByText('“Build 9 failed: lint”').waitFor();
    await takePictures(page, '69-started-by-a-listener');
    await session.log.evaluate(TO_THE_TOP);
    await session.log.locator('pz-trigger-card').getByRole('button', { name: 'Payload' }).click();
    await takePictures(page, '69-task');
  });

  it('shows a session that waits for its runner, and one that waited too long as a dead letter', async () => {
    await product.stopRunner();
    await broadcast({ build: 10, status: 'failed', branch: 'main' }, 'Build 10 failed');
    const waiting = await theSessionOfAListener(({ status }) => status === 'pending');
    session = await ada.openSession(waiting.sessionId);
    await page.getByText('Waiting for its runner').waitFor();
    await details().getByText('waits for the runner').waitFor();
    await takePictures(page, '70-waits-for-the-runner');

    await page.goto(`/runners/${product.runnerId}/listeners`);
    await page.getByRole('button', { name: `Edit the listener for ${TYPE}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit listener' });
    await dialog.getByLabel('Longest wait for the runner').fill('soon');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Say it as').waitFor();
    await dialog.getByLabel('Longest wait for the runner').fill('1 second');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('waits up to 1 second for the runner').waitFor();
    await broadcast({ build: 11, status: 'failed', branch: 'main' }, 'Build 11 failed');
    const entry = page
      .getByRole('group', { name: /^Health: .*1 dead letter/ })
      .getByRole('link', { name: '1 dead letter' });
    await entry.waitFor({ timeout: 60_000 });
    await entry.click();
    await letter('Build 11 failed').getByText('its runner was away too long').waitFor();
    await takePictures(page, '71-dead-letter');
  });

  it('is worked through by keyboard: opened, replayed, and its session runs', async () => {
    const row = letter('Build 11 failed');
    await row.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Payload' }).getByText('"build": 11').waitFor();
    expect(page.url()).toContain('letter=');
    await page.keyboard.press('Space');
    await page.getByText('1 selected').waitFor();
    await takePictures(page, '72-dead-letter-open');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await product.startRunner();
    await row.focus();
    await page.keyboard.press('Shift+R');
    await page.getByText('It is on its way again').waitFor();
    await page.getByText('No dead letters').waitFor();
    await page.getByRole('group', { name: 'Health: connected to the relay', exact: true }).waitFor();
    await takePicture(page, '73-no-dead-letters-wide-dark');
    const replayed = await theSessionOfAListener(({ status }) => status === 'active');
    session = await ada.openSession(replayed.sessionId);
    await session.log.locator('pz-trigger-card').getByText('Build 11 failed').waitFor();
    await session.is('idle');
  });

  it('switches a listener off and on again, and deletes it once its type is typed', async () => {
    const { runnerId } = product;
    const listeners = async (): Promise<ListenerView[]> =>
      (await owner.get<{ listeners: ListenerView[] }>(`/api/runners/${runnerId}/trigger-listeners`)).body.listeners;
    const isEnabled = async (enabled: boolean): Promise<void> => {
      await waitFor(async () => (await listeners())[0]?.enabled === enabled, { description: 'the switch is stored' });
    };
    await page.goto(`/runners/${runnerId}/listeners`);
    const toggle = page.getByRole('switch', { name: `Listener for ${TYPE}` });
    await toggle.click();
    await isEnabled(false);
    await page.locator('pz-listener-card .what.off').waitFor();
    expect(await toggle.getAttribute('aria-checked')).toBe('false');
    await takePictures(page, '74-listener-off');
    const path = `/api/runners/${runnerId}/trigger-broadcast`;
    const payload = { build: 12, status: 'failed', branch: 'main' };
    expect(await owner.post(path, { type: TYPE, payload })).toMatchObject({ status: 202, body: { listeners: 0 } });
    await toggle.click();
    await isEnabled(true);

    await page.getByRole('button', { name: `Delete the listener for ${TYPE}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete this listener?' });
    const sure = dialog.getByRole('button', { name: 'Delete', exact: true });
    expect(await sure.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill(TYPE);
    await sure.click();
    await page.getByText('No listeners yet').waitFor();
    expect(await listeners()).toEqual([]);
  });

  it('discards a dead letter after asking; its trigger says so', async () => {
    await product.stopRunner();
    const { runnerId } = product;
    const { body } = await owner.post<SessionView>('/api/sessions', { runnerId, name: 'Never started' });
    const trigger = { type: 'demo:hello', payload: { n: 1 }, summary: 'Never heard' };
    const fired = await owner.post<{ triggerId: string }>(`/api/sessions/${body.sessionId}/trigger`, trigger);
    expect((await owner.delete(`/api/sessions/${body.sessionId}`)).status).toBe(204);
    await page.goto('/triggers');
    const health = page.getByRole('group', { name: /^Health:/ });
    await health.getByRole('link', { name: '1 dead letter' }).waitFor();
    await health.getByText('Degraded').waitFor();
    await letter('Never heard').click();
    await page.locator('pz-letter-detail').getByText('Never started, deleted').waitFor();
    await takePictures(page, '75-discard');
    await page.locator('pz-letter-detail').getByRole('button', { name: 'Discard…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Discard 1 dead letter?' });
    await dialog.getByRole('button', { name: 'Discard', exact: true }).click();
    await page.getByText('No dead letters').waitFor();
    await health.getByRole('link', { name: '1 dead letter' }).waitFor({ state: 'detached' });
    expect(await owner.get(`/api/triggers/${fired.body.triggerId}`)).toMatchObject({
      body: { deliveries: [{ state: 'discarded' }] },
    });
  });

  it('had nothing to complain of', () => {
    expect(ada.complaints).toEqual([]);
  });

  /** Triggers whose sessions a step has looked at already. */
  const known = new Set<string | null | undefined>();

  async function theSessionOfAListener(fits: (session: SessionView) => boolean): Promise<SessionView> {
    const found = await waitFor(
      async () => {
        const { body } = await owner.get<{ sessions: SessionView[] }>('/api/sessions');
        return body.sessions.find((each) => each.listenerId && !known.has(each.triggerId) && fits(each));
      },
      { description: 'the listener has started a session', timeoutMs: 60_000 },
    );
    known.add(found.triggerId);
    return found;
  }

  function details(): Locator {
    return page.getByRole('complementary', { name: 'About this session' });
  }

  function letter(title: string): Locator {
    return page.locator('pz-dead-letters .row').filter({ hasText: title });
  }

  async function broadcast(payload: object, summary: string): Promise<void> {
    const path = `/api/runners/${product.runnerId}/trigger-broadcast`;
    expect((await owner.post(path, { type: TYPE, payload, summary, source: 'ci' })).status).toBe(202);
  }

  async function fireAt(sessionId: string, trigger: object): Promise<void> {
    expect((await owner.post(`/api/sessions/${sessionId}/trigger`, trigger)).status).toBe(202);
  }
});
