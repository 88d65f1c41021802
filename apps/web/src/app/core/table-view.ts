import { computed, effect, inject, type Signal, untracked } from '@angular/core';
import { Router } from '@angular/router';
import type { PagedList } from './paged-list';

/** By what a column sorts; null: unknown, and last in either direction. */
export type Columns<T, C extends string> = Readonly<Record<C, (row: T) => string | number | null>>;

/** What of the address says how a table is shown: `?sort=name` or `?sort=-name`, `?q=words`. */
export interface TableAddress {
  readonly sort: Signal<string | undefined>;
  readonly q: Signal<string | undefined>;
}

interface Order<C extends string> {
  readonly column: C;
  readonly isDescending: boolean;
}

/** A table's rows as the address wants them: sorted by a column, narrowed to those that have all the words. Make it where one can inject. */
export class TableView<T, C extends string> {
  private readonly router = inject(Router);
  private readonly order = computed(() => this.orderOf(this.address.sort()));
  private readonly words = computed(() => (this.address.q() ?? '').toLowerCase().split(/\s+/).filter(Boolean));
  readonly isFiltered = computed(() => this.words().length > 0);
  /** Otherwise than as they come: then all of them have to be there. */
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
    // Not a place to come back to, one after each letter.
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }

  private orderOf(sort = ''): Order<C> | null {
    const name = sort.replace(/^-/, '');
    // An address may say anything.
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

/** A table that is sorted or filtered needs all of its rows, not the first page. Call it where one can inject. */
export function loadAllFor<T, C extends string>(view: TableView<T, C>, list: PagedList<T>): void {
  effect(() => {
    if (view.isArranged() && list.hasMore() && !list.isLoading()) untracked(() => void list.loadAll());
  });
}

const byText = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function hasAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
