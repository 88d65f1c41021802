import type { Locator, Page } from 'playwright-core';

/** The dialog that starts a session. */
export class NewSessionDialog {
  readonly box: Locator;
  readonly runners: Locator;
  readonly folders: Locator;
  readonly folder: Locator;
  readonly model: Locator;
  readonly prompt: Locator;

  private constructor(page: Page) {
    this.box = page.getByRole('dialog', { name: 'New session' });
    this.runners = this.box.getByRole('radiogroup', { name: 'Runner' });
    this.folders = this.box.getByRole('group', { name: 'Folders' });
    this.folder = this.box.getByLabel('Folder', { exact: true });
    this.model = this.box.getByLabel('Model');
    this.prompt = this.box.getByLabel('What should the agent do?');
  }

  static async shown(page: Page): Promise<NewSessionDialog> {
    const dialog = new NewSessionDialog(page);
    await dialog.box.waitFor();
    return dialog;
  }

  async enter(folder: string): Promise<void> {
    await this.folders.getByRole('button', { name: folder }).click();
  }

  /** Once the runner has answered with its models. */
  async offeredModels(): Promise<string[]> {
    await this.model.locator('option', { hasText: '(default)' }).waitFor({ state: 'attached' });
    return (await this.model.locator('option').allInnerTexts()).map((text) => text.trim());
  }

  async chooseModel(name: string): Promise<void> {
    const value = await this.model.locator('option', { hasText: name }).getAttribute('value');
    await this.model.selectOption(value);
  }

  async start(): Promise<void> {
    await this.box.getByRole('button', { name: 'Start session' }).click();
    await this.box.waitFor({ state: 'detached' });
  }
}
