import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What a theme can break: nothing else of a page is different in the other one. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** What axe finds wrong in both themes, a line each, with the element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const lines: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const axe = new AxeBuilder({ page });
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
    const { violations } = await (
      colorScheme === 'light' ? axe.withTags(RULES) : axe.withRules(COLOUR_RULES)
    ).analyze();
    for (const { id, nodes } of violations) {
      for (const node of nodes) lines.push(`${colorScheme}: ${id}: ${node.html} (${node.failureSummary ?? ''})`);
    }
  }
  return lines;
}
