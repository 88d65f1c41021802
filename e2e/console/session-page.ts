import { waitFor } from '@pizzapi/testing';
import type { Locator, Page } from 'playwright-core';

/** The feed's own count, which the page shows under `window.__pizzapi`. */
export interface FeedCounts {
  cursor: number | null;
  applied: number;
  duplicates: number;
  gaps: number;
  resyncs: number;
  attaches: number;
}

/** The page of one session. */
export class SessionPage {
  readonly log: Locator;
  readonly composer: Locator;
  readonly header: Locator;
  readonly chips: Locator;
  readonly footer: Locator;

  constructor(
    readonly page: Page,
    readonly sessionId: string,
  ) {
    this.log = page.getByRole('log', { name: 'Conversation' });
    this.composer = page.getByRole('textbox', { name: 'Message' });
    this.header = page.locator('pz-session-header');
    this.chips = page.locator('pz-queued-inputs .chip');
    this.footer = page.locator('pz-session-footer');
  }

  /** Something in the conversation, in sight at its end. */
  async says(text: string | RegExp): Promise<void> {
    await this.log.getByText(text).last().waitFor();
  }

  async is(state: 'working' | 'waiting for you' | 'idle' | 'ended'): Promise<void> {
    await this.header.getByRole('img', { name: state, exact: true }).waitFor({ timeout: 60_000 });
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  async queue(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Alt+Enter');
  }

  async choose(action: string): Promise<void> {
    await this.header.getByRole('button', { name: 'More actions' }).click();
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }

  /** Nothing of the conversation is below what is in sight. */
  async isAtItsEnd(): Promise<void> {
    await waitFor(() => this.page.evaluate<boolean>(IS_AT_ITS_END), { description: 'the end is in sight' });
  }

  counts(): Promise<FeedCounts | undefined> {
    return this.page.evaluate<FeedCounts | undefined>(`window.__pizzapi?.feeds[${JSON.stringify(this.sessionId)}]`);
  }

  /** The page has taken every event up to this number. */
  async reached(seq: number): Promise<void> {
    await waitFor(async () => ((await this.counts())?.cursor ?? 0) >= seq, {
      description: `the page has event ${seq}`,
    });
  }

  /** Letters of the answer that is being written now. */
  async streamedLength(): Promise<number> {
    return (await this.log.locator('pz-markdown.live').last().innerText({ timeout: 500 })).length;
  }

  /** The words of every answer, from the first to the last, read while scrolling as a person would. */
  async answers(): Promise<string[]> {
    const rows = await this.page.evaluate<[number, string][]>(READ_WHOLE_CONVERSATION);
    return rows.sort(([a], [b]) => a - b).map(([, text]) => text);
  }
}

const IS_AT_ITS_END = `(() => {
  const log = document.querySelector('[role=log]');
  return log !== null && log.scrollHeight - log.scrollTop - log.clientHeight < 3;
})()`;

/** The list holds only the rows in sight. In the page: as text, because it runs there. */
const READ_WHOLE_CONVERSATION = `(async () => {
  const log = document.querySelector('[role=log]');
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const rows = new Map();
  log.scrollTop = 0;
  for (;;) {
    await painted();
    for (const row of log.querySelectorAll('.row')) {
      const answer = row.querySelector(':scope > pz-row-view > pz-markdown');
      if (answer) rows.set(Number(row.dataset.index), answer.innerText);
    }
    if (log.scrollTop + log.clientHeight >= log.scrollHeight - 1) return [...rows];
    log.scrollTop += log.clientHeight / 2;
  }
})()`;

/** The words of a Markdown text as a reader sees them. */
export function wordsOf(text: string): string {
  return text
    .replaceAll(/^\s*(?:[-*]|\d+\.)\s/gm, '')
    .replaceAll(/[#>*\`]/g, '')
    .split(/\s+/)
    .filter(Boolean)
    .join(' ');
}
