import { waitFor } from '@pizzapi/testing';
import type { CDPSession, Page } from 'playwright-core';
import type { ToldStory } from './told-story.js';

/** Looks at every frame for what may never be seen: something twice, out of order, or of two sessions at a time. */
const WATCH = `(() => {
  const seen = window.__violations = [];
  const look = () => {
    requestAnimationFrame(look);
    const tags = [...document.querySelector('[role=log]')?.textContent.matchAll(/#([A-Z])(\\d+)\\^\\d+/g) ?? []];
    let last = 0;
    for (const [tag, letter, number] of tags) {
      if (letter !== tags[0][1]) seen.push('foreign ' + tag);
      if (Number(number) <= last) seen.push('after ' + last + ': ' + tag);
      last = Number(number);
    }
    seen.splice(20);
  };
  requestAnimationFrame(look);
})()`;
const TAGS = `[...document.querySelector('[role=log]')?.textContent.matchAll(/#[A-Z]\\d+\\^\\d+/g) ?? []].map(([tag]) => tag)`;

/** A browser's page that watches one of several stories, and what may happen to it. */
export class WatchingPage {
  private constructor(
    private readonly page: Page,
    private readonly cdp: CDPSession,
    private readonly stories: readonly ToldStory[],
    private story: ToldStory,
  ) {}

  static async open(page: Page, stories: readonly ToldStory[]): Promise<WatchingPage> {
    const [story] = stories;
    if (!story) throw new Error('There is nothing to watch.');
    await page.addInitScript(WATCH);
    const cdp = await page.context().newCDPSession(page);
    await page.goto(`/s/${story.sessionId}`);
    return new WatchingPage(page, cdp, stories, story);
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit' });
  }

  /** To each of the sessions and back, without waiting for any. */
  async hurryThrough(last: ToldStory): Promise<void> {
    for (const story of [...this.stories, last]) {
      await this.page.locator(`a[href="/s/${story.sessionId}"]`).first().click();
      this.story = story;
    }
  }

  /** Away and back as by the browser's own buttons. */
  async leaveAndReturn(): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goBack({ waitUntil: 'commit' });
  }

  freeze(): Promise<unknown> {
    return this.cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
  }

  thaw(): Promise<unknown> {
    return this.cdp.send('Page.setWebLifecycleState', { state: 'active' });
  }

  async setOffline(isOffline: boolean): Promise<void> {
    await this.page.context().setOffline(isOffline);
  }

  /** Shows the end of its story as it stands, and never showed what may not be. */
  async isRight(seed: number): Promise<void> {
    const { tags } = this.story;
    let shown: string[] = [];
    await waitFor(
      async () => {
        shown = await this.page.evaluate<string[]>(TAGS);
        return shown.length > 3 && JSON.stringify(shown) === JSON.stringify(tags.slice(-shown.length));
      },
      { description: 'the page shows what was said', timeoutMs: 60_000 },
    ).catch((error: unknown) => {
      throw new Error(`Seed ${seed}: ${shown.join(' ')} instead of … ${tags.slice(-20).join(' ')}`, { cause: error });
    });
    const violations = await this.page.evaluate<string[]>('window.__violations');
    if (violations.length > 0) throw new Error(`Seed ${seed}: ${violations.join(', ')}`);
  }
}
