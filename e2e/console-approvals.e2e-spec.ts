import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ApprovalView, SessionView } from '@pizzapi/protocol';
import { gate, type RelayApi, type ScriptedModel, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './console/accessibility.js';
import { DeskAndPhone } from './console/desk-and-phone.js';
import type { Person } from './console/person.js';
import { takePicture, takePictures } from './console/pictures.js';
import type { Product } from './console/product.js';
import type { SessionPage } from './console/session-page.js';
import { startSession } from './console/tunnels.js';
import { callsThenSays, writeGuard } from './scenarios/guard-plugin.js';
import { answerIt, parentAndChild, TASK } from './scenarios/parent-and-child.js';
import { taste, writeTaster } from './scenarios/taster.js';

const COMMAND = 'touch slices.txt && echo "eight slices"';
const SECRET = 'a key of Ada’s';
/** While the relay is away. */
const AWAY = [/WebSocket connection to/, /ERR_(CONNECTION_REFUSED|EMPTY_RESPONSE)/, /status of 50\d/];

/** One person at two browsers: what the agent asks is in both, and each step goes on where the one before ended. */
describe('what the agent asks', () => {
  let world: DeskAndPhone;
  let model: ScriptedModel;
  let product: Product;
  let owner: RelayApi;
  let desk: Person;
  let phone: Person;
  let atDesk: SessionPage;
  let atPhone: SessionPage;
  const served = gate();

  beforeAll(async () => {
    const rules = [{ tool: 'bash', pattern: 'touch *', action: 'ask' }];
    world = await DeskAndPhone.start({
      config: { approvals: { rules } },
      homeFiles: { '.ssh/id_ed25519': SECRET },
      expected: AWAY,
    });
    ({ model, product, owner, desk, phone } = world);
    atDesk = await desk.openSession(await startSession(owner, product.runnerId, { name: 'Slices' }));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('is a card in every browser, with exactly what would run', async () => {
    model.next(
      async (answer) => {
        await answer.text('I write the slices down.');
        await answer.toolCall('bash', { command: COMMAND });
      },
      (answer) => answer.text('They are written down.'),
    );
    await atDesk.send('Write the slices down');
    const card = atDesk.log.getByRole('group', { name: /^Run this on / });
    await card.getByText(COMMAND).waitFor();
    await card.getByText(/^Rule “touch \*” asks\. No answer by \d\d:\d\d means no\.$/).waitFor();
    await atDesk.is('waiting for you');
    expect(await desk.page.evaluate<string>('document.activeElement.localName')).toBe('textarea');
    await world.look('70-approval');
    await phone.page.goto('/');
    await phone.page
      .getByRole('link', { name: /Slices/ })
      .getByRole('img', { name: 'waiting for you' })
      .waitFor();
    await takePicture(phone.page, '71-waiting-narrow-dark');
    atPhone = await phone.openSession(atDesk.sessionId);
    await atPhone.log.getByRole('group', { name: /^Run this on / }).waitFor();
  });

  it('is still asked after the relay was restarted and the page was loaded again', async () => {
    await product.restartRelay();
    const session = () => owner.get<SessionView>(`/api/sessions/${atDesk.sessionId}`);
    await waitFor(async () => (await session()).body.isConnected, { description: 'its worker is back' });
    await desk.page.reload();
    await atDesk.log.getByRole('group', { name: /^Run this on / }).waitFor();
    expect(existsSync(join(product.code, 'slices.txt'))).toBe(false);
  });

  it('is answered by the first, and the other one sees by whom', async () => {
    const card = atPhone.log.getByRole('group', { name: /^Run this on / });
    await card.getByRole('button', { name: 'Answer with a note' }).click();
    await card.getByLabel('A note for the agent').fill('Only this once.');
    await takePicture(phone.page, '72-note-narrow-dark');
    await card.getByRole('button', { name: 'Allow once' }).click();
    await atDesk.says(/^Allowed by Ada · \d\d:\d\d$/);
    await atDesk.says('Only this once.');
    await atDesk.says('They are written down.');
    await atPhone.says(/^Allowed by Ada/);
    expect(existsSync(join(product.code, 'slices.txt'))).toBe(true);

    const list = await owner.get<{ approvals: ApprovalView[] }>(`/api/sessions/${atDesk.sessionId}/approvals`);
    const [approval] = list.body.approvals;
    expect(approval).toMatchObject({ outcome: 'allowed', answeredBy: { name: 'Ada' }, text: 'Only this once.' });
    expect(await owner.post(`/api/approvals/${approval?.approvalId ?? ''}`, { decision: 'deny' })).toMatchObject({
      status: 409,
      body: { code: 'approval_answered', detail: expect.stringMatching(/^Ada has answered this already: allowed/) },
    });
  });

  it('may be a question of its own, answered by keyboard', async () => {
    const options = [{ label: 'Margherita', description: 'Nothing can go wrong.' }, { label: 'Quattro stagioni' }];
    model.next(
      (answer) => answer.toolCall('ask_user', { question: 'Which pizza should I **bake** first?', options }),
      (answer) => answer.text('Into the oven.'),
    );
    await atDesk.send('Bake one');
    const card = atDesk.log.getByRole('group', { name: 'The agent asks' });
    await card.waitFor();
    await desk.page.keyboard.press('Control+j');
    await card.locator('input[type=radio]:focus').waitFor();
    await desk.page.keyboard.press('2');
    await card.locator('label', { hasText: 'Quattro stagioni' }).locator('input:focus').waitFor();
    await takePictures(desk.page, '74-question');
    await desk.page.keyboard.press('Control+Enter');
    await atPhone.says('Quattro stagioni');
    await atDesk.says('Into the oven.');
    // One goes on where one was, and nothing leads to what is answered any more.
    await atDesk.composer.and(desk.page.locator(':focus')).waitFor();
    expect(await atDesk.log.locator('.row.marked').count()).toBe(0);
    expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain('Ada answered: Quattro stagioni');
    await desk.page.getByRole('tab', { name: /^Approvals/ }).click();
    const lines = desk.page.getByRole('tabpanel').locator('pz-approval-line');
    await lines.filter({ hasText: /bake first\?.*Answered by Ada/s }).waitFor();
    await lines.filter({ hasText: /touch slices.*Allowed by Ada.*Rule for “touch \*”/s }).waitFor();
    await world.look('75-approvals');
  });

  it('does not reach what the sandbox keeps from it, and says what it wanted', async () => {
    // The write keeps silent about what became of it.
    const command = `{ echo x > ~/slices; } 2>/dev/null; cat ~/.ssh/id_ed25519; kill -0 ${process.pid}; echo tried`;
    model.next(
      (answer) => answer.toolCall('read', { path: '~/.ssh/id_ed25519' }),
      (answer) => answer.toolCall('bash', { command }),
      (answer) => answer.text('I may not see the key.'),
    );
    await atDesk.send('Show me the key');
    await atDesk.says('I may not see the key.');
    const { body } = await owner.get<SessionView>(`/api/sessions/${atDesk.sessionId}`);
    // Where this machine cannot keep a wall, that is what the session says.
    if (body.sandbox?.isEnforced !== true) return atDesk.header.getByText('no sandbox').waitFor();
    expect(JSON.stringify(model.requests)).not.toContain(SECRET);
    const lines = atDesk.log.locator('pz-violation-lines');
    await lines
      .last()
      .getByText(/could not read .*\.ssh\/id_ed25519/)
      .waitFor();
    expect(await lines.count()).toBe(2);
    await takePictures(desk.page, '80-violations');
    await desk.page.getByRole('tab', { name: 'Details' }).click();
    const list = desk.page.getByRole('list', { name: 'What the sandbox refused' });
    await list.getByText('slices').waitFor();
    const refused = await list.getByRole('listitem').allInnerTexts();
    expect(refused).toHaveLength(4);
    // What the system tells and what the output says come by ways of their own.
    expect(refused).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^bash could not change[^]*\/slices[^]*holds secrets$/),
        expect.stringMatching(/^bash could not reach[^]*process \d+[^]*other processes are out of sight$/),
        expect.stringMatching(/^bash could not read[^]*\.ssh\/id_ed25519[^]*holds secrets$/),
        expect.stringMatching(/^read could not read[^]*\.ssh\/id_ed25519[^]*holds secrets$/),
      ]),
    );
    await world.look('81-sandbox-details');
  });

  it('is asked first where an agent of the project is to be used', async () => {
    await writeTaster(product.code);
    const tasks = [
      { agent: 'taster', task: 'Taste the first slice, and leave crumbs.' },
      { agent: 'taster', task: 'Taste the second slice.' },
    ];
    model.next((answer) => answer.toolCall('subagent', { tasks }));
    model.otherwise((answer, request) => taste(answer, request, served.opened));
    await atDesk.send('Have it tasted');
    const card = atDesk.log.getByRole('group', { name: 'Use this project’s agent taster?' });
    await card.getByText(join('.pizzapi', 'agents', 'taster.md')).waitFor();
    await card.getByText('Run any command').waitFor();
    await card.getByRole('button', { name: 'Read what it is told' }).click();
    await card.getByText('Taste like a critic.').waitFor();
    await world.look('76-consent');
    await card.getByRole('button', { name: 'Trust this file' }).click();
    await atPhone.says(/^Trusted by Ada/);
  });

  it('may be asked by a subagent, in the card of which its work grows live', async () => {
    const question = atPhone.log.getByRole('group', {
      name: /^Run this on .* for the subagent taster \([12] of 2\)\?$/,
    });
    await question.getByText('touch crumbs.txt').waitFor();
    const card = atDesk.log.getByRole('group', { name: 'Subagents' });
    await card.locator('.progress', { hasText: '0 of 2 tasks done, 1 waiting for you' }).waitFor();
    await card.getByText('echo tasting').waitFor();
    await world.look('77-subagents-running');
    await question.getByRole('button', { name: 'Allow once' }).click();
    await card.getByText('The crust is').nth(1).waitFor();
    expect(existsSync(join(product.code, 'crumbs.txt'))).toBe(true);
    await takePicture(phone.page, '78-subagents-narrow-dark');
    served.open();
    await card.locator('.progress', { hasText: '2 of 2 tasks done' }).waitFor();
    await atDesk.says('Both slices were tasted.');
    expect(await card.getByRole('button', { name: /^Subagents/ }).getAttribute('aria-expanded')).toBe('false');
  });

  it('leaves cards that look the same after a reload, and to who comes later', async () => {
    await desk.page.reload();
    for (const page of [atDesk, atPhone]) {
      const card = page.log.getByRole('group', { name: 'Subagents' });
      const head = card.getByRole('button', { name: /^Subagents/ });
      await head.focus();
      await head.press('Enter');
      await card.getByRole('button', { name: /first slice/ }).press('Enter');
      await card.getByText('touch crumbs.txt').waitFor();
      await card.getByText('The crust is crisp.').first().waitFor();
    }
    await takePictures(desk.page, '79-subagents-done');
    expect([desk.complaints, phone.complaints]).toEqual([[], []]);
  });

  it('may be what a child session asks: its parent answers, and hears how it ended', async () => {
    const mayAnswer = gate();
    const script = parentAndChild({
      onQuestion: async (answer, triggerId) => {
        await mayAnswer.opened;
        await answerIt(answer, triggerId);
      },
    });
    model.otherwise(script);
    await atDesk.send(TASK);
    const trigger = atDesk.log.locator('pz-trigger-card', { hasText: 'Counter asks' });
    await trigger.getByText('Do crusts count?').waitFor();
    await desk.page.getByRole('tab', { name: /^Children/ }).click();
    await desk.page
      .getByRole('tabpanel')
      .getByRole('link', { name: /Counter/ })
      .waitFor();

    // On a phone the drawer lies over the session, and not over the one that it leads to.
    const label = 'Triggers, panels, tunnels and details';
    const opener = phone.page.getByRole('button', { name: label });
    await opener.click();
    const drawer = phone.page.getByRole('complementary', { name: 'About this session' });
    await drawer.getByRole('tab', { name: /^Children/ }).click();
    await phone.page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    expect(await phone.page.evaluate<string>('document.activeElement.ariaLabel')).toBe(label);
    await opener.click();
    await drawer.getByRole('link', { name: /Counter/ }).click();
    await (await phone.session()).log.getByText('Do crusts count?').click();
    expect(await drawer.isVisible()).toBe(false);
    await phone.page.goBack();

    await trigger.getByRole('link', { name: 'Counter' }).click();
    const child = await desk.session();
    const card = child.log.getByRole('group', { name: 'The agent asks' });
    await card.getByText('Its parent session Slices was asked too. Whoever answers first counts.').waitFor();
    await takePicture(desk.page, '81-child-asks-wide-dark');
    expect(await accessibilityProblems(desk.page)).toEqual([]);
    mayAnswer.open();
    await child.says(/^Answered by the parent session “Slices” · \d\d:\d\d$/);
    await child.says('Eight slices.');

    // Back by the way up; the list shows who belongs to whom.
    await child.header
      .getByRole('navigation', { name: 'Parent sessions' })
      .getByRole('link', { name: 'Slices' })
      .click();
    await atDesk.says('Counter has finished');
    await atDesk.says('All is counted.');
    const family = desk.page.getByRole('button', { name: '1 child session', exact: true });
    const row = desk.page.locator(`a[data-session="${child.sessionId}"]`);
    await row.waitFor();
    await desk.page.locator(`a[data-session="${atDesk.sessionId}"]`).focus();
    await desk.page.keyboard.press('ArrowLeft');
    await row.waitFor({ state: 'detached' });
    expect(await family.getAttribute('aria-expanded')).toBe('false');
    await desk.page.keyboard.press('ArrowRight');
    await row.waitFor();
    await world.look('82-family');
    await atDesk.choose('End with its child');
    expect([desk.complaints, phone.complaints]).toEqual([[], []]);
  });

  it('is asked, too, where the project brings a plugin: until somebody trusts it, nothing of it is used', async () => {
    await writeGuard(product.code);
    const created = await owner.post<SessionView>('/api/sessions', { runnerId: product.runnerId, name: 'Guarded' });
    expect(created.status).toBe(202);
    const session = await desk.openSession(created.body.sessionId);
    const card = session.log.getByRole('group', { name: 'Use this project’s plugin guard?' });
    await card.getByText('Run at PreToolUse (Bash): echo').waitFor();
    await card.getByRole('button', { name: 'Read what it is made of' }).click();
    await card.getByText('== commands/slice.md').waitFor();
    await world.look('83-plugin-consent');
    model.otherwise(callsThenSays('echo sliced', 'It is cut.', 'Nobody cuts here.'));
    await session.send('Slice');
    await session.says('It is cut.');
    await desk.page.getByRole('tab', { name: 'Details' }).click();
    await desk.page.getByRole('tabpanel').getByText('Not trusted, so not used').waitFor();

    await card.getByRole('button', { name: 'Trust this plugin' }).click();
    await session.says(/^Trusted by Ada/);
    await session.send('/guard:slice the pizza');
    await session.says('Nobody cuts here.');
    await session.says('The plugin guard says at UserPromptSubmit');
    const asked = JSON.stringify(model.requests.at(-1)?.messages);
    expect(asked).toContain('Slice it: the pizza');
    expect(asked).toContain('A hook of the plugin guard denies this call: Knives are sharp.');
    const details = desk.page.getByRole('tabpanel');
    await details.getByText('1 command, 3 hooks').waitFor();
    await details.getByRole('button', { name: '1 not used' }).click();
    await details.getByText('Its output styles are not used.').waitFor();
    await world.look('84-plugins-details');
    expect([desk.complaints, phone.complaints]).toEqual([[], []]);
  });
});
