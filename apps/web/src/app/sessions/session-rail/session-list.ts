import {
  Component,
  DestroyRef,
  ElementRef,
  afterRenderEffect,
  computed,
  effect,
  inject,
  input,
  output,
  untracked,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideLaptop, LucideServer } from '@lucide/angular';
import type { SessionView } from '@pizzapi/protocol';
import { injectVirtualizer } from '@tanstack/angular-virtual';
import { Badge } from '../../ui/badge';
import { RelativeTime } from '../../ui/relative-time';
import type { SessionRow } from '../session-groups';
import { SessionRowLink } from './session-row-link';

/** At the default text size. */
const HEIGHTS = { heading: 32, runner: 36, folder: 26, session: 31 };
const TOUCH_HEIGHTS = { heading: 36, runner: 40, folder: 30, session: 46 };
const USUAL_TEXT_PX = 16;
/** Rows before the end at which the next page is asked for. */
const LOOK_AHEAD = 30;
const ABOUT_ROWS = 'pz-session-row-link, .cdk-overlay-container, dialog';

/** The live list, virtual: only the rows in sight exist. Up and down move, right and left show and hide children and reach a row's menu, Enter opens. */
@Component({
  selector: 'pz-session-list',
  imports: [Badge, LucideLaptop, LucideServer, RelativeTime, RouterLink, SessionRowLink],
  host: { '(keydown)': 'onKey($event)', '(keyup)': 'onKeyUp($event)', '(focusin)': 'onFocus($event)' },
  templateUrl: './session-list.html',
  styleUrl: './session-list.css',
})
export class SessionList {
  readonly rows = input.required<readonly SessionRow[]>();
  readonly activeId = input<string>();
  readonly unread = input.required<(session: SessionView) => boolean>();
  readonly nearEnd = output();
  readonly startIn = output<{ runnerId: string; cwd?: string }>();
  readonly pinToggled = output<SessionView>();
  readonly stopped = output<SessionView>();
  /** With all that stands below it. */
  readonly familyStopped = output<SessionView>();
  readonly folded = output<{ sessionId: string; isOpen: boolean }>();
  readonly resumed = output<SessionView>();
  readonly removed = output<SessionView>();

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly viewport = viewChild.required<ElementRef<HTMLElement>>('viewport');
  private readonly heights = forTheText(matchMedia('(pointer: coarse)').matches ? TOUCH_HEIGHTS : HEIGHTS);

  protected readonly virtual = injectVirtualizer<HTMLElement, HTMLElement>(() => ({
    count: this.rows().length,
    scrollElement: this.viewport(),
    estimateSize: (index) => this.heights[this.rows()[index]?.kind ?? 'session'],
    getItemKey: (index) => this.rows()[index]?.key ?? index,
    overscan: 12,
    paddingEnd: 12,
  }));
  protected readonly visible = computed(() =>
    this.virtual.getVirtualItems().flatMap((item) => {
      const row = this.rows()[item.index];
      return row ? [{ row, start: item.start, size: item.size }] : [];
    }),
  );

  private shownRows: readonly SessionRow[] = [];
  /** The row that had the focus last, as long as nobody has gone on elsewhere. */
  private focusedKey: string | undefined;

  constructor() {
    this.forgetFocusElsewhere();
    effect(() => {
      const last = this.virtual.getVirtualItems().at(-1)?.index ?? 0;
      if (last >= this.rows().length - LOOK_AHEAD) this.nearEnd.emit();
    });
    effect(() => {
      // Rows changed kind or order: sizes by index are stale.
      this.rows();
      this.virtual.measure();
    });
    afterRenderEffect(() => {
      const rows = this.rows();
      untracked(() => this.holdFocus(rows));
      // The list must be as high as its rows before it can be scrolled to one of them.
      this.virtual.getTotalSize();
      untracked(() => this.holdPlace(rows));
    });
  }

  focusFirst(): void {
    this.links()[0]?.focus();
  }

  protected onFocus(event: FocusEvent): void {
    const row = rowOf(event);
    this.focusedKey = row === null ? undefined : rowLink(row)?.dataset['session'];
  }

  /** Also after a click on nothing, which moves no focus: whoever went on elsewhere is not brought back. A row's menu and its dialogs are about it still. */
  private forgetFocusElsewhere(): void {
    const left = new AbortController();
    inject(DestroyRef).onDestroy(() => left.abort());
    for (const type of ['pointerdown', 'focusin']) {
      document.addEventListener(
        type,
        ({ target }) => {
          const isAboutRow = target instanceof Element && target.closest(ABOUT_ROWS) !== null;
          if (!isAboutRow) this.focusedKey = undefined;
        },
        { signal: left.signal },
      );
    }
  }

  protected onKey(event: KeyboardEvent): void {
    const row = rowOf(event);
    if (row !== null && !event.altKey && !event.defaultPrevented) this.press(event, row);
  }

  /** A row is one Tab stop. The arrow keys move within it, as in a tree, and the context-menu key opens its menu. */
  private press(event: KeyboardEvent, row: HTMLElement): void {
    const isLink = event.target === rowLink(row);
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        return this.step(event, row, event.key === 'ArrowDown' ? 1 : -1);
      case 'ArrowRight':
        return isLink && !this.fold(event, row, true) ? take(event, menuButton(row)) : undefined;
      case 'ArrowLeft':
        return isLink ? void this.fold(event, row, false) : take(event, rowLink(row));
      case 'F10':
        return event.shiftKey ? openMenu(event, row) : undefined;
      case 'ContextMenu':
        return event.preventDefault();
    }
  }

  /** Opens our menu in place of the browser's, which comes on key down, on Windows on key up. */
  protected onKeyUp(event: KeyboardEvent): void {
    const row = rowOf(event);
    if (event.key === 'ContextMenu' && row !== null) openMenu(event, row);
  }

  private step(event: Event, row: HTMLElement, by: 1 | -1): void {
    const links = this.links();
    const index = links.findIndex((link) => row.contains(link));
    take(event, links[index + by] ?? null);
  }

  /** True where there was something to show or hide. */
  private fold(event: Event, element: HTMLElement, isOpen: boolean): boolean {
    const focused = rowLink(element)?.dataset['session'];
    const row = this.rows().find(({ key }) => key === focused);
    if (row?.kind !== 'session' || row.family === null || row.family.isOpen === isOpen) return false;
    event.preventDefault();
    this.folded.emit({ sessionId: row.key, isOpen });
    return true;
  }

  /** After a session was deleted from here the focus moves to its neighbour, not to the top of the page. */
  private holdFocus(rows: readonly SessionRow[]): void {
    const place = this.shownRows.findIndex(({ key }) => key === this.focusedKey);
    if (place < 0 || rows.some(({ key }) => key === this.focusedKey)) return;
    this.focusedKey = undefined;
    if (document.activeElement !== document.body) return;
    const isShown = new Set(rows.map(({ key }) => key));
    const isLeft = ({ kind, key }: SessionRow): boolean => kind === 'session' && isShown.has(key);
    const next = this.shownRows.slice(place).find(isLeft) ?? this.shownRows.slice(0, place).findLast(isLeft);
    this.links()
      .find((link) => link.dataset['session'] === next?.key)
      ?.focus();
  }

  /** Rows of an older page are sorted in among the others; what is at the top of the viewport stays there. */
  private holdPlace(rows: readonly SessionRow[]): void {
    const before = this.shownRows;
    this.shownRows = rows;
    const viewport = this.viewport().nativeElement;
    // A single new row is news, not a page; and at the top nobody can lose their place.
    if (rows.length - before.length <= 1 || viewport.scrollTop === 0) return;
    const starts = new Map(this.starts(before));
    const anchor = [...starts].find(([, start]) => start >= viewport.scrollTop)?.[0];
    if (anchor === undefined) return;
    const now = new Map(this.starts(rows)).get(anchor);
    if (now !== undefined) viewport.scrollTop += now - (starts.get(anchor) ?? now);
  }

  private starts(rows: readonly SessionRow[]): [key: string, start: number][] {
    let next = 0;
    return rows.map((row) => {
      const start = next;
      next += this.heights[row.kind];
      return [row.key, start];
    });
  }

  private links(): HTMLElement[] {
    // Virtual rows are not in list order in the document, but their positions are.
    return [...this.host.querySelectorAll<HTMLElement>('a[data-session]')].sort(
      (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
    );
  }
}

function rowOf({ target }: Event): HTMLElement | null {
  return target instanceof HTMLElement ? target.closest<HTMLElement>('pz-session-row-link') : null;
}

function rowLink(row: HTMLElement): HTMLElement | null {
  return row.querySelector<HTMLElement>('a[data-session]');
}

function menuButton(row: HTMLElement): HTMLElement | null {
  return row.querySelector<HTMLElement>('.actions button');
}

function openMenu(event: Event, row: HTMLElement): void {
  const button = menuButton(row);
  take(event, button);
  button?.click();
}

function take(event: Event, element: HTMLElement | null): void {
  event.preventDefault();
  element?.focus();
}

/** Larger text needs taller rows. */
function forTheText(heights: typeof HEIGHTS): typeof HEIGHTS {
  const textPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const scale = textPx > USUAL_TEXT_PX ? textPx / USUAL_TEXT_PX : 1;
  const { heading, runner, folder, session } = heights;
  return { heading: heading * scale, runner: runner * scale, folder: folder * scale, session: session * scale };
}
