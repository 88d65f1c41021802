import type { TranscriptItem } from './transcript-item';

/**
 * The part of the conversation that is held in memory: the `tail`, which live entries join, and an `older` stretch which
 * the reader scrolls through. Both are contiguous; while `isJoined` there is no hole between them. A long session
 * therefore costs what is near the viewport, never its whole length.
 */
export interface TranscriptWindow {
  readonly older: readonly TranscriptItem[];
  readonly tail: readonly TranscriptItem[];
  readonly isJoined: boolean;
  /** Entries exist before the first one shown. */
  readonly hasOlder: boolean;
}
export interface ItemPage {
  readonly items: readonly TranscriptItem[];
  readonly hasMore: boolean;
}
export interface WindowLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Always kept at the end, so that going back to it is instant. */
  readonly tailItems: number;
}

export const DEFAULT_WINDOW_LIMITS: WindowLimits = { maxItems: 600, maxBytes: 24 * 1024 * 1024, tailItems: 80 };

export function emptyWindow(): TranscriptWindow {
  return { older: [], tail: [], isJoined: true, hasOlder: false };
}

export function windowFromPage(page: ItemPage): TranscriptWindow {
  return { older: [], tail: page.items, isJoined: true, hasOlder: page.hasMore };
}

/** What the reader sees, oldest first. */
export function visibleItems(window: TranscriptWindow): readonly TranscriptItem[] {
  if (!window.isJoined) return window.older;
  return window.older.length === 0 ? window.tail : [...window.older, ...window.tail];
}

export function holdsEntry(window: TranscriptWindow, entryId: string): boolean {
  const isIt = (item: TranscriptItem): boolean => item.entryId === entryId;
  return window.tail.some(isIt) || window.older.some(isIt);
}

/**
 * What is told again because something began before it and still goes on is known up to the end of the tail: it is in memory, or so far back
 * that it comes with an older page.
 */
export function appendLive(window: TranscriptWindow, item: TranscriptItem): TranscriptWindow {
  const last = window.tail.at(-1)?.seq ?? 0;
  if (item.seq <= last || holdsEntry(window, item.entryId)) return window;
  return { ...window, tail: [...window.tail, item] };
}

/** Adds the page that ends just before the first item shown. */
export function prependPage(window: TranscriptWindow, page: ItemPage): TranscriptWindow {
  const first = visibleItems(window)[0];
  const items = first === undefined ? page.items : page.items.filter((item) => item.seq < first.seq);
  return { ...window, older: [...items, ...window.older], hasOlder: page.hasMore };
}

/** Adds the page that starts after the last item of a detached window; it joins the tail where they meet. */
export function appendPage(window: TranscriptWindow, page: ItemPage): TranscriptWindow {
  if (window.isJoined) return window;
  const last = window.older.at(-1)?.seq ?? 0;
  const { items, meetsTail } = upToTail(window, page);
  return { ...window, older: [...window.older, ...items.filter((item) => item.seq > last)], isJoined: meetsTail };
}

/** Shows another place of the conversation, away from the tail unless the page reaches it. */
export function openAt(window: TranscriptWindow, page: ItemPage, hasOlder: boolean): TranscriptWindow {
  const { items, meetsTail } = upToTail(window, page);
  // Beyond what the transcript has by now: the tail is the nearest there is.
  if (items.length === 0 && !meetsTail) return window;
  return { ...window, older: items, isJoined: meetsTail, hasOlder };
}

/**
 * A page's items before the tail, and whether it goes up to it. That nothing follows the page does not say so: the tail is told live, and the
 * transcript may be behind what was told before it and is in memory no more.
 */
function upToTail({ tail }: TranscriptWindow, page: ItemPage): { items: TranscriptItem[]; meetsTail: boolean } {
  const [first] = tail;
  if (first === undefined) return { items: [...page.items], meetsTail: !page.hasMore };
  const known = new Set(tail.map(({ entryId }) => entryId));
  const items = page.items.filter((item) => item.seq < first.seq && !known.has(item.entryId));
  return { items, meetsTail: items.length < page.items.length };
}

export function backToTail(window: TranscriptWindow): TranscriptWindow {
  return window.isJoined ? window : { ...window, older: [], isJoined: true, hasOlder: true };
}

/** Drops what is far from the reader, who is at the `start` or the `end` of what is shown. */
export function trimWindow(
  window: TranscriptWindow,
  reader: 'start' | 'end',
  limits: WindowLimits = DEFAULT_WINDOW_LIMITS,
): TranscriptWindow {
  if (!window.isJoined) return trimDetached(window, reader, limits);
  const all = visibleItems(window);
  if (isWithin(all, limits)) return window;
  if (reader === 'end') {
    return { older: [], tail: keepLast(all, limits), isJoined: true, hasOlder: true };
  }
  const tail = all.slice(-limits.tailItems);
  const older = keepFirst(all.slice(0, -limits.tailItems), limits);
  return { ...window, older, tail, isJoined: older.length + tail.length === all.length };
}

function trimDetached(window: TranscriptWindow, reader: 'start' | 'end', limits: WindowLimits): TranscriptWindow {
  const tail = window.tail.length > limits.tailItems * 2 ? window.tail.slice(-limits.tailItems) : window.tail;
  if (isWithin(window.older, limits)) return tail === window.tail ? window : { ...window, tail };
  if (reader === 'start') return { ...window, tail, older: keepFirst(window.older, limits) };
  return { ...window, tail, older: keepLast(window.older, limits), hasOlder: true };
}

function isWithin(items: readonly TranscriptItem[], limits: WindowLimits): boolean {
  return items.length <= limits.maxItems && items.reduce((sum, item) => sum + item.bytes, 0) <= limits.maxBytes;
}

/** Trims to three quarters, so that not every new entry trims again; never to less than a screenful. */
function keepFirst(items: readonly TranscriptItem[], limits: WindowLimits): readonly TranscriptItem[] {
  return items.slice(0, countWithin(items, limits));
}
function keepLast(items: readonly TranscriptItem[], limits: WindowLimits): readonly TranscriptItem[] {
  return items.slice(-countWithin(items.toReversed(), limits));
}
function countWithin(items: readonly TranscriptItem[], limits: WindowLimits): number {
  let bytes = 0;
  let count = 0;
  for (const item of items) {
    bytes += item.bytes;
    const isEnough = count >= limits.maxItems * 0.75 || bytes > limits.maxBytes * 0.75;
    if (isEnough && count >= Math.min(20, limits.maxItems)) break;
    count += 1;
  }
  return count;
}
