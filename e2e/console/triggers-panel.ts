import type { Locator, Page } from 'playwright-core';
import { PHONE, WIDE } from './person.js';
import { takePicture } from './pictures.js';

/** The inspector's first tab, beside a session. */
export class TriggersPanel {
  readonly box: Locator;
  readonly dialog: Locator;

  constructor(private readonly page: Page) {
    this.box = page.locator('pz-session-triggers');
    this.dialog = page.getByRole('dialog', { name: /subscri/i });
  }

  /** The row of a delivery, once it is as far as that. */
  async has(title: string, phase: 'Waiting' | 'Sent' | 'Received'): Promise<Locator> {
    const row = this.box.locator('pz-delivery-row').filter({ hasText: title }).first();
    await row.getByRole('img', { name: new RegExp(`^${phase}`) }).waitFor();
    return row;
  }

  subscription(type: string): Locator {
    return this.box.locator('.subscription').filter({ hasText: type });
  }

  /** From the panel's plus to a subscription with one filter. */
  async subscribe(type: string, filter: { field: string; value: string }): Promise<void> {
    await this.box.getByRole('button', { name: 'Subscribe to a trigger' }).click();
    await this.dialog.getByLabel('Trigger', { exact: true }).selectOption(type);
    await this.dialog.getByRole('button', { name: 'Add a filter' }).click();
    await this.dialog.getByLabel('Field of the payload').fill(filter.field);
    await this.dialog.getByLabel('Value', { exact: true }).fill(filter.value);
  }

  async submit(): Promise<void> {
    await this.dialog.locator('button[type=submit]').click();
    await this.dialog.waitFor({ state: 'detached' });
  }

  /** Where there is no room beside the session, the panel lies over it on demand. */
  async takeDrawerPictures(name: string): Promise<void> {
    for (const [size, viewport] of Object.entries({ medium: { ...WIDE, width: 900 }, narrow: PHONE })) {
      await this.page.setViewportSize(viewport);
      await this.page.getByRole('button', { name: 'Triggers, panels, tunnels and details' }).click();
      await this.box.waitFor();
      await takePicture(this.page, `${name}-${size}-dark`);
      await this.page.getByRole('button', { name: 'Close', exact: true }).click();
    }
    await this.page.setViewportSize(WIDE);
    await this.box.waitFor();
  }
}
