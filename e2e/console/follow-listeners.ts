import type { ListenerView } from '@pizzapi/protocol';
import type { RelayApi } from '@pizzapi/testing';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { takePictures } from './pictures.js';

/** On the page of a runner's listeners: it shows what a script does, also to the one that is being edited. */
export async function followListeners(page: Page, owner: RelayApi, runnerId: string): Promise<void> {
  const path = `/api/runners/${runnerId}/trigger-listeners`;
  const { body } = await owner.post<ListenerView>(path, { triggerType: 'time:morning', prompt: 'Say good morning.' });
  await page.getByText('Say good morning.').waitFor();
  await page.getByRole('button', { name: 'Edit the listener for time:morning' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit listener' });
  const prompt = dialog.getByLabel('What should the agent do?');
  await prompt.fill('Mine.');
  const one = `${path}/${body.listenerId}`;
  await owner.send('PUT', one, { body: { triggerType: 'time:morning', prompt: 'Theirs.' } });
  await dialog.getByText('It was changed elsewhere').waitFor();
  expect(await prompt.inputValue()).toBe('Mine.');
  await takePictures(page, '66-listener-changed-elsewhere');
  expect(await owner.delete(one)).toMatchObject({ status: 204 });
  await dialog.getByText('It was deleted elsewhere').waitFor();
  expect(await prompt.inputValue()).toBe('Mine.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('time:morning').waitFor({ state: 'detached' });
}
