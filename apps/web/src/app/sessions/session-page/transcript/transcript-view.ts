import {
  Component,
  ElementRef,
  afterRenderEffect,
  computed,
  effect,
  input,
  output,
  signal,
  untracked,
  viewChild,
  viewChildren,
} from '@angular/core';
import { LucideArrowDown } from '@lucide/angular';
import { injectVirtualizer } from '@tanstack/angular-virtual';
import { Button } from '../../../ui/button';
import { Skeleton } from '../../../ui/skeleton';
import type { TriggerItem, UserItem } from '../conversation/transcript-item';
import type { SessionStore } from '../session-store';
import { readerPlace, type ReaderPlace, rowAt } from './reader-place';
import { estimateHeight } from './row-sizes';
import { RowView } from './row-view';

/** How near to the end counts as being there, unless the reader is scrolling away from it. */
const END_PX = 48;
/** Tolerance for fractions of pixels. */
const EXACT_PX = 2;
/** For how long rows may still move after the window or the composer was resized, or a page came. */
const SETTLING_MS = 300;
/** Pages are fetched this many viewports before they are needed. */
const LOOK_AHEAD = 3;
/** From this width on diffs are shown side by side. */
const WIDE_PX = 1040;

/**
 * The conversation. Only rows near the viewport exist; it stays at the end while the reader is there, and keeps its place
 * when older pages come in above.
 */
@Component({
  selector: 'pz-transcript-view',
  imports: [Button, LucideArrowDown, RowView, Skeleton],
  templateUrl: './transcript-view.html',
  styleUrl: './transcript-view.css',
})
export class TranscriptView {
  readonly store = input.required<SessionStore>();
  readonly imageOpened = output<string>();
  readonly continued = output();
  readonly edited = output<UserItem>();
  readonly forked = output<UserItem | TriggerItem>();
  /** What was asked for is not on the current branch. */
  readonly missed = output();

  private readonly viewport = viewChild.required<ElementRef<HTMLElement>>('viewport');
  private readonly elements = viewChildren<ElementRef<HTMLElement>>('rowElement');
  private readonly rows = computed(() => this.store().rows());
  // Changes only with the keys themselves, so that streaming does not re-measure every row in each frame.
  private readonly keys = computed(() => this.rows().map((row) => row.key), {
    equal: areSame,
  });
  private readonly keyOf = computed(() => {
    const keys = this.keys();
    return (index: number): string => keys[index] ?? `none:${index}`;
  });

  protected readonly virtual = injectVirtualizer<HTMLElement, HTMLElement>(() => ({
    count: this.keys().length,
    scrollElement: this.viewport(),
    getItemKey: this.keyOf(),
    estimateSize: (index) => estimateHeight(untracked(this.rows)[index]),
    overscan: 20,
    gap: 11,
    paddingStart: 18,
    paddingEnd: 16,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: END_PX,
  }));
  protected readonly visible = computed(() => {
    const rows = this.rows();
    return this.virtual.getVirtualItems().flatMap(({ index, start }) => {
      const row = rows[index];
      return row === undefined ? [] : [{ index, start, row }];
    });
  });
  private readonly inSight = signal<readonly string[] | null>(null, { equal: areSame });
  /** The keys of the rows at least partly in the viewport; null before the first rendering. */
  readonly keysInSight = this.inSight.asReadonly();
  protected readonly isWide = computed(() => (this.virtual.scrollRect()?.width ?? 0) >= WIDE_PX);
  protected readonly isAtEnd = signal(true);
  protected readonly marked = signal<string | null>(null);
  /** The key of the row that is marked because it waits, until it is settled. */
  private readonly markedLive = signal<string | null>(null);
  private readonly seenEntries = signal(0);
  private lastTop = 0;
  private size = { width: 0, height: 0 };
  private resizedAt = -Infinity;
  private place: ReaderPlace | null = null;
  private readonly branchSeq = computed(() => this.store().conversation().branchSeq);
  private readonly pages = computed(() => this.store().conversation().pages);
  protected readonly unseen = computed(() => this.store().conversation().liveEntries - this.seenEntries());
  protected readonly isLoading = computed(() => !this.store().conversation().hasLoaded);
  protected readonly isEmpty = computed(() => !this.isLoading() && this.rows().length === 0);
  protected readonly pager = computed(() => this.store().pager);

  constructor() {
    afterRenderEffect(() => {
      for (const { nativeElement } of this.elements()) this.virtual.measureElement(nativeElement);
    });
    afterRenderEffect(() => {
      const range = this.virtual.range();
      if (range !== null) this.inSight.set(this.keys().slice(range.startIndex, range.endIndex + 1));
    });
    effect(() => {
      const entries = this.store().conversation().liveEntries;
      if (this.isAtEnd() && this.store().window().isJoined) this.seenEntries.set(entries);
    });
    effect(() => {
      const key = this.markedLive();
      const row = key === null ? undefined : this.rows().find((each) => each.key === key);
      if (row?.kind !== 'approval' || row.settled === null) return;
      this.markedLive.set(null);
      this.marked.update((marked) => (marked === key ? null : marked));
    });
    // A changed branch is a new page: keep the reader's place in what both branches share.
    let branchSeq = 0;
    effect(() => {
      const before = branchSeq;
      branchSeq = this.branchSeq();
      const { place } = this;
      if (branchSeq > before && place !== null) untracked(() => void this.keepPlace(place));
    });
    // A page has taken the rows' place: that the browser moves what is left is no scrolling of the reader's.
    afterRenderEffect(() => {
      this.pages();
      this.resizedAt = performance.now();
    });
    // Rows turn out taller than estimated, more than one in a frame, and all of them when the window changes.
    afterRenderEffect(() => {
      this.virtual.getTotalSize();
      this.virtual.scrollRect();
      untracked(() => this.stayAtEnd());
    });
    // A page that does not fill the viewport brings no scroll event to fetch the next one.
    afterRenderEffect(() => {
      this.keys();
      this.viewport();
      untracked(() => this.fetchNearby());
    });
  }

  protected onScroll(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.viewport().nativeElement;
    const distance = scrollHeight - scrollTop - clientHeight;
    const isLeaving = scrollTop < this.lastTop;
    this.lastTop = scrollTop;
    const isSettling = this.isSettling();
    const isFollowing = this.isAtEnd() && this.store().window().isJoined;
    // A reader leaves the end by scrolling up, not because a resize has moved the rows.
    if (isFollowing && (!isLeaving || isSettling)) this.stayAtEnd();
    else this.isAtEnd.set(distance <= (isLeaving ? EXACT_PX : END_PX));
    this.place = this.isAtEnd() ? null : readerPlace(this.rows(), this.virtual.getVirtualItems(), scrollTop);
    const first = this.virtual.range()?.startIndex ?? 0;
    this.store().pager.setReader(first < this.rows().length / 2 ? 'start' : 'end');
    this.fetchNearby();
  }

  toEnd(): void {
    this.store().pager.toTail();
    this.isAtEnd.set(true);
    this.place = null;
    // Once the tail's rows have been rendered.
    setTimeout(() => this.virtual.scrollToIndex(this.rows().length - 1, { align: 'end' }));
  }

  /** Jumps to the previous or next message of a person. */
  jumpToOwn(direction: -1 | 1): void {
    const own = this.rows().flatMap((row, index) => (row.kind === 'user' ? [index] : []));
    const here = this.virtual.range()?.startIndex ?? 0;
    const current = this.marked();
    const from = this.rows().findIndex((row) => row.key === current);
    const base = from === -1 ? here : from;
    const target = direction === -1 ? own.findLast((index) => index < base) : own.find((index) => index > base);
    if (target !== undefined) this.show(target);
  }

  /** Brings the entry with this number into view, from wherever it is. */
  async openAt(seq: number): Promise<void> {
    const isThere = await this.store().pager.jumpTo(seq);
    if (!isThere && this.store().pager.problem() === null) this.missed.emit();
    setTimeout(() => {
      const index = rowAt(this.rows(), seq);
      // Only the entry itself gets marked, not the nearest one.
      if (index !== -1) this.show(index, isThere);
    });
  }

  showRow(key: string): void {
    const index = this.rows().findIndex((row) => row.key === key);
    if (index !== -1) this.show(index);
  }

  /** Shows a row in progress. Those are at the end, so the reader's place is left. */
  showLive(key: string): void {
    this.store().pager.toTail();
    // Once the tail's rows have been rendered.
    setTimeout(() => {
      this.showRow(key);
      this.markedLive.set(key);
      // If it was in sight already nothing scrolls, and the reader may still be at the end.
      requestAnimationFrame(() => this.onScroll());
    });
  }

  private async keepPlace({ seq, into }: ReaderPlace): Promise<void> {
    const { pager } = this.store();
    // While a page is being fetched, this one would not be.
    await pager.idle();
    await pager.jumpTo(seq);
    // Once its rows have been rendered.
    setTimeout(() => {
      const index = rowAt(this.rows(), seq);
      if (index === -1) return;
      this.isAtEnd.set(false);
      const start = this.virtual.getOffsetForIndex(index, 'start')?.[0];
      // If that row is gone, show the beginning of the one found instead.
      if (start !== undefined) this.virtual.scrollToOffset(start + (this.rows()[index]?.seq === seq ? into : 0));
    });
  }

  private show(index: number, isIt = true): void {
    this.marked.set(isIt ? (this.rows()[index]?.key ?? null) : null);
    this.isAtEnd.set(false);
    this.virtual.scrollToIndex(index, { align: 'center' });
  }

  private isSettling(): boolean {
    const { clientWidth: width, clientHeight: height } = this.viewport().nativeElement;
    const now = performance.now();
    if (width !== this.size.width || height !== this.size.height) this.resizedAt = now;
    this.size = { width, height };
    return now - this.resizedAt < SETTLING_MS;
  }

  private stayAtEnd(): void {
    if (!this.isAtEnd() || !this.store().window().isJoined) return;
    const viewport = this.viewport().nativeElement;
    viewport.scrollTop = viewport.scrollHeight;
  }

  private fetchNearby(): void {
    const { pager } = this.store();
    const { scrollHeight, scrollTop, clientHeight } = this.viewport().nativeElement;
    if (clientHeight === 0 || pager.problem() !== null) return;
    const ahead = clientHeight * LOOK_AHEAD;
    if (scrollTop < ahead) void pager.loadOlder();
    if (scrollHeight - scrollTop - clientHeight < ahead) void pager.loadNewer();
  }
}

function areSame(a: readonly string[] | null, b: readonly string[] | null): boolean {
  return a === b || (a !== null && b !== null && a.length === b.length && a.every((key, index) => key === b[index]));
}
