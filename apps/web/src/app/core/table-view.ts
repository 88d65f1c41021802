import { computed, effect, inject, type Signal, untracked } from '@angular/core';
import { Router } from '@angular/router';
import type { PagedList } from './paged-list';

/** What a column sorts by; null means unknown, which comes last in either direction. */
export type Columns<T, C extends string> = Readonly<Record<C, (row: T) => string | number | null>>;

/** The query parameters that say how a table is shown: `?sort=name` or `?sort=-name`, `?q=words`. */
export interface TableAddress {
  readonly sort: Signal<string | undefined>;
  readonly q: Signal<string | undefined>;
}

interface Order<C extends string> {
  readonly column: C;
  readonly isDescending: boolean;
}

/** A table's rows as the address asks for them: sorted by a column, filtered to those with all the words. Call it in an injection context. */
export class TableView<T, C extends string> {
  private readonly router = inject(Router);
  private readonly order = computed(() => this.orderOf(this.address.sort()));
  private readonly words = computed(() => (this.address.q() ?? '').toLowerCase().split(/\s+/).filter(Boolean));
  readonly isFiltered = computed(() => this.words().length > 0);
  /** Sorted or filtered, which needs all rows to be loaded. */
  readonly isArranged = computed(() => this.isFiltered() || this.order() !== null);
  readonly rows = computed<readonly T[] | null>(() => {
    const rows = this.all();
    const words = this.words();
    const order = this.order();
    if (rows === null) return null;
    const fitting = words.length === 0 ? rows : rows.filter((row) => hasAll(this.textOf(row).toLowerCase(), words));
    return order === null ? fitting : [...fitting].sort((a, b) => this.compare(a, b, order));
  });

  constructor(
    private readonly all: Signal<readonly T[] | null>,
    private readonly address: TableAddress,
    private readonly columns: Columns<T, C>,
    private readonly textOf: (row: T) => string,
  ) {}

  sortBy(sort: string | null): void {
    this.change({ sort });
  }

  filterBy(q: string): void {
    this.change({ q: q || null });
  }

  private change(queryParams: Record<string, string | null>): void {
    // One history entry per typed letter would be nothing to go back to.
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }

  private orderOf(sort = ''): Order<C> | null {
    const name = sort.replace(/^-/, '');
    // The address may hold anything.
    return this.hasColumn(name) ? { column: name, isDescending: sort.startsWith('-') } : null;
  }

  private hasColumn(name: string): name is C {
    return Object.hasOwn(this.columns, name);
  }

  private compare(a: T, b: T, { column, isDescending }: Order<C>): number {
    const keyOf = this.columns[column];
    const [one, other] = [keyOf(a), keyOf(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    const order =
      typeof one === 'number' && typeof other === 'number' ? one - other : byText.compare(String(one), String(other));
    return isDescending ? -order : order;
  }
}

/** A table that is sorted or filtered needs all of its rows, not the first page. Call it in an injection context. */
export function loadAllFor<T, C extends string>(view: TableView<T, C>, list: PagedList<T>): void {
  effect(() => {
    if (view.isArranged() && list.hasMore() && !list.isLoading()) untracked(() => void list.loadAll());
  });
}

const byText = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function hasAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
