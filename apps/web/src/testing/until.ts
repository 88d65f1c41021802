import type { ComponentFixture } from '@angular/core/testing';

/** Waits for a fact, not for a time: renders and yields until `fact` answers something. */
export async function until<T>(
  fixture: ComponentFixture<unknown>,
  fact: () => T | null | undefined | false,
): Promise<T> {
  for (let turn = 0; turn < 4_000; turn++) {
    await fixture.whenStable();
    const found = fact();
    if (found !== null && found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`It never happened. The page says: ${document.body.textContent}`);
}

/** The first element that matches and, if asked, holds the text. */
export function find(root: Element, selector: string, text?: string): HTMLElement | null {
  const all = [...root.querySelectorAll<HTMLElement>(selector)];
  return all.find((element) => text === undefined || element.textContent?.includes(text)) ?? null;
}

/** As if the person had typed it. */
export function type(root: Element, selector: string, text: string): void {
  const field = root.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector);
  if (!field) throw new Error(`There is no ${selector}`);
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
