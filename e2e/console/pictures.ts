import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const FOLDER = fileURLToPath(new URL('../screenshots/', import.meta.url));
const SIZES = {
  wide: { width: 1440, height: 900 },
  medium: { width: 900, height: 900 },
  narrow: { width: 390, height: 844 },
};
const SCHEMES = ['dark', 'light'] as const;
/** In CI nobody looks at them, and three hundred of them take two minutes. */
const ARE_WANTED = !process.env['CI'];

/** Pictures to be looked at, in every size and both themes; afterwards the page is as before. */
export async function takePictures(page: Page, name: string): Promise<void> {
  if (!ARE_WANTED) return;
  const before = page.viewportSize();
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await takePicture(page, `${name}-${size}-${colorScheme}`);
    }
  }
  if (before) await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: 'dark' });
}

/** As it is now. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (!ARE_WANTED) return;
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'initial' });
}
