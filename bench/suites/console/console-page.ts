import type { Browser, CDPSession, Page } from 'playwright-core';
import { EMAIL } from '../../product/account.js';
import { type Opening, timeOpening } from './page-probe.js';

/** A signed-in console in Chromium, and its DevTools. */
export class ConsolePage implements AsyncDisposable {
  private constructor(
    readonly page: Page,
    readonly devTools: CDPSession,
    private readonly url: string,
  ) {}

  static async open(browser: Browser, url: string): Promise<ConsolePage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const answer = await context.request.post(`${url}/api/auth/login`, {
      data: { email: EMAIL, password: `correct horse ${EMAIL}` },
      headers: { origin: url },
    });
    if (!answer.ok()) throw new Error(`Signing in was answered ${answer.status()}: ${await answer.text()}`);
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    await devTools.send('Performance.enable');
    await devTools.send('HeapProfiler.enable');
    return new ConsolePage(page, devTools, url);
  }

  /** The list of sessions, loaded anew. */
  async showList(sessionId: string): Promise<void> {
    await this.page.goto(this.url);
    await this.page.locator(linkTo(sessionId)).waitFor({ timeout: 30_000 });
  }

  /** @returns milliseconds from the click in the list until the words are in view */
  async openSession(sessionId: string, words: string): Promise<number> {
    const opening: Opening = { link: linkTo(sessionId), words };
    return this.page.evaluate(timeOpening, opening);
  }

  /** Bytes of JavaScript objects that are still reachable. */
  async heapBytes(): Promise<number> {
    // Twice: what a finaliser lets go of in the first is collected by the second.
    await this.devTools.send('HeapProfiler.collectGarbage');
    await this.devTools.send('HeapProfiler.collectGarbage');
    return (await this.metrics()).get('JSHeapUsedSize') ?? NaN;
  }

  /** How much of the time of `work` the main thread was busy, from 0 to 1. */
  async busyShare(work: () => Promise<void>): Promise<number> {
    const before = await this.metrics();
    await work();
    const after = await this.metrics();
    const passed = (name: string): number => (after.get(name) ?? NaN) - (before.get(name) ?? NaN);
    return passed('TaskDuration') / passed('Timestamp');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }

  private async metrics(): Promise<Map<string, number>> {
    const { metrics } = await this.devTools.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value]));
  }
}

function linkTo(sessionId: string): string {
  return `a[data-session][href$="/s/${sessionId}"]`;
}
