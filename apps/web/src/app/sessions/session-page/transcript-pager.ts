import { type Signal, signal } from '@angular/core';
import type { TranscriptPage } from '@pizzapi/protocol';
import { type ApiProblem, asProblem } from '../../core/api/api-problem';
import { toItemPage } from './conversation/conversation';
import {
  appendPage,
  backToTail,
  openAt,
  prependPage,
  trimWindow,
  type TranscriptWindow,
  visibleItems,
} from './conversation/transcript-window';

const PAGE_SIZE = 60;
/** When to ask again for what the transcript has not got yet: later each time that nothing came. */
const AGAIN_MS = 2000;
const AGAIN_AT_MOST_MS = 30_000;

type PageKind = 'older' | 'newer' | 'jump';

/** Loads pages of the transcript as the reader nears them, and drops those far away. */
export class TranscriptPager {
  private readonly loading = signal<PageKind | null>(null);
  private readonly failure = signal<ApiProblem | null>(null);
  private failed: PageKind = 'older';
  private reader: 'start' | 'end' = 'end';
  private again: ReturnType<typeof setTimeout> | undefined;
  private pauseMs = AGAIN_MS;
  private isRead = true;
  /** The page that is being fetched. */
  private running: Promise<void> = Promise.resolve();
  readonly isLoading = this.loading.asReadonly();
  readonly problem = this.failure.asReadonly();

  constructor(
    private readonly fetchPage: (page: { before?: number; after?: number; limit: number }) => Promise<TranscriptPage>,
    private readonly window: Signal<TranscriptWindow>,
    private readonly change: (change: (window: TranscriptWindow) => TranscriptWindow) => void,
  ) {}

  loadOlder(): Promise<void> {
    const first = visibleItems(this.window())[0];
    if (first === undefined || !this.window().hasOlder) return Promise.resolve();
    return this.load('older', { before: first.seq }, (window, page) => {
      this.reader = 'start';
      return trimWindow(prependPage(window, toItemPage(page)), 'start');
    });
  }

  loadNewer(): Promise<void> {
    const last = visibleItems(this.window()).at(-1);
    if (last === undefined || this.window().isJoined) return Promise.resolve();
    return this.load('newer', { after: last.seq }, (window, page) => {
      this.reader = 'end';
      return trimWindow(appendPage(window, toItemPage(page)), 'end');
    });
  }

  /** Loads the entry with this number. @returns whether it is there: it may be on another branch, or could not be read */
  async jumpTo(seq: number): Promise<boolean> {
    const isHere = (): boolean => visibleItems(this.window()).some((item) => item.seq === seq);
    // One page at a time: a jump waits for its turn.
    while (!isHere() && this.loading() !== null) await this.running;
    if (isHere()) return true;
    const after = Math.max(0, seq - 1 - Math.floor(PAGE_SIZE / 3));
    await this.load('jump', { after }, (window, page) => openAt(window, toItemPage(page), after > 0));
    return isHere();
  }

  /** Resolves once no page is being fetched. */
  async idle(): Promise<void> {
    await this.running;
  }

  /** After a failure nothing is fetched until the reader asks. */
  retry(): void {
    this.failure.set(null);
    void (this.failed === 'newer' ? this.loadNewer() : this.loadOlder());
  }

  /** Somebody reads it, or nobody any more. */
  setRead(isRead: boolean): void {
    this.isRead = isRead;
    clearTimeout(this.again);
    this.pauseMs = AGAIN_MS;
    if (isRead) void this.loadNewer();
  }

  toTail(): void {
    this.reader = 'end';
    this.change(backToTail);
  }

  /** Which end the reader is nearer to, which decides what is kept. */
  setReader(reader: 'start' | 'end'): void {
    this.reader = reader;
  }

  trim(): void {
    this.change((window) => trimWindow(window, this.reader));
  }

  private load(
    kind: PageKind,
    range: { before?: number; after?: number },
    merge: (window: TranscriptWindow, page: TranscriptPage) => TranscriptWindow,
  ): Promise<void> {
    if (this.loading() !== null) return Promise.resolve();
    return (this.running = this.fetch(kind, range, merge));
  }

  private async fetch(
    kind: PageKind,
    range: { before?: number; after?: number },
    merge: (window: TranscriptWindow, page: TranscriptPage) => TranscriptWindow,
  ): Promise<void> {
    this.loading.set(kind);
    const before = this.window();
    try {
      const page = await this.fetchPage({ ...range, limit: PAGE_SIZE });
      this.failure.set(null);
      // The place may have changed meanwhile (a jump, a resync): then the page no longer fits.
      this.change((window) => (isSamePlace(before, window) ? merge(window, page) : window));
      this.askAgain(kind, page);
    } catch (error) {
      this.failed = kind;
      this.failure.set(asProblem(error));
    } finally {
      this.loading.set(null);
    }
  }

  /** The transcript ends before the tail begins: what is between them is still to come. */
  private askAgain(kind: PageKind, page: TranscriptPage): void {
    if (kind !== 'newer' || page.entries.length > 0) this.pauseMs = AGAIN_MS;
    if (!this.isRead || kind === 'older' || page.hasMore || this.window().isJoined) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => void this.loadNewer(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 1.5, AGAIN_AT_MOST_MS);
  }
}

function isSamePlace(before: TranscriptWindow, now: TranscriptWindow): boolean {
  if (before.isJoined !== now.isJoined) return false;
  return visibleItems(before)[0]?.entryId === visibleItems(now)[0]?.entryId;
}
