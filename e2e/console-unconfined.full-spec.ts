import { existsSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { SessionView } from '@pizzapi/protocol';
import {
  launchBrowser,
  RelayApi,
  removeFolder,
  type ScriptedModel,
  startScriptedModel,
  temporaryFolder,
  waitFor,
} from '@pizzapi/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './console/accessibility.js';
import { Person, PHONE, WIDE } from './console/person.js';
import { takePicture, takePictures } from './console/pictures.js';
import { Product } from './console/product.js';
import { startSession } from './console/tunnels.js';

const REASON = 'bwrap is not installed';

/** A machine on which nobody has installed bubblewrap. */
describe('where the sandbox cannot be enforced', () => {
  let model: ScriptedModel;
  let programs: string;
  let product: Product;
  let browser: Browser;
  let owner: RelayApi;
  let ada: Person;

  beforeAll(async () => {
    [model, programs] = await Promise.all([startScriptedModel(), aFewPrograms()]);
    [product, browser] = await Promise.all([
      Product.start({ modelsJson: model.modelsJson, homeFiles: { '.profile': '' }, runnerEnv: { PATH: programs } }),
      launchBrowser(),
    ]);
    owner = await new RelayApi(product.url).register('ada@example.com', { name: 'Ada' });
    // On a busy machine the runner takes longer to list its models than the relay waits.
    ada = await Person.open(browser, product.url, 'ada@example.com', { expected: [/status of 503 .*\/models$/] });
    await ada.signIn();
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
    await removeFolder(programs);
    await model.close();
  });

  async function look(name: string): Promise<void> {
    await takePictures(ada.page, name);
    expect(await accessibilityProblems(ada.page)).toEqual([]);
  }

  it('the session says so in red, and why', async () => {
    const session = await ada.openSession(await startSession(owner, product.runnerId, { name: 'Bare' }));
    const badge = session.header.getByRole('button', { name: 'no sandbox' });
    await badge.waitFor();
    expect(await badge.getAttribute('title')).toContain(REASON);
    await takePictures(ada.page, '82-unconfined');
    await badge.click();
    const alert = ada.page.getByRole('tabpanel').getByRole('alert');
    expect(await alert.innerText()).toMatch(new RegExp(`^Not enforced\\. ${REASON}`));
    await look('83-unconfined-details');
    // A finger sees no title.
    await ada.page.setViewportSize(PHONE);
    await badge.click();
    await alert.waitFor();
    await takePicture(ada.page, '83-unconfined-details-phone');
    await ada.page.setViewportSize(WIDE);
  });

  it('the runner’s page says so', async () => {
    await ada.page.goto(`/runners/${product.runnerId}`);
    const alert = ada.page.getByRole('alert').filter({ hasText: REASON });
    await alert.waitFor();
    await look('84-unconfined-runner');
  });

  it('a session that needs one does not start, and says what to do', async () => {
    await writeFile(join(product.home, 'config.json'), JSON.stringify({ sandbox: { floor: 'basic' } }));
    const { body } = await owner.post<SessionView>('/api/sessions', { runnerId: product.runnerId, name: 'Floor' });
    await waitFor(
      async () => (await owner.get<SessionView>(`/api/sessions/${body.sessionId}`)).body.status === 'failed',
      {
        description: 'it has failed',
        timeoutMs: 60_000,
      },
    );
    await ada.page.goto(`/s/${body.sessionId}`);
    await ada.page
      .getByText(/has to run in a sandbox of mode "basic"/)
      .first()
      .waitFor();
    await ada.page.getByText(new RegExp(REASON)).first().waitFor();
    await look('85-floor');
    expect(ada.complaints).toEqual([]);
  });
});

/** What sessions need, without bubblewrap. @returns a folder of links */
async function aFewPrograms(): Promise<string> {
  const folder = await temporaryFolder('programs');
  const places = (process.env['PATH'] ?? '').split(delimiter);
  for (const program of ['sh', 'bash', 'env', 'cat', 'ls', 'git', 'rg', 'ps', 'uname']) {
    const path = places.map((place) => join(place, program)).find((candidate) => existsSync(candidate));
    if (path !== undefined) await symlink(path, join(folder, program));
  }
  return folder;
}
