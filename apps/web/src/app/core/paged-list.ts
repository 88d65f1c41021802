import { computed, signal } from '@angular/core';
import { type ApiProblem, asProblem, isRefusedCursor } from './api/api-problem';

interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string | undefined;
}
/** What a page shows without being slow. */
const MOST_ITEMS = 2_000;

type FetchPage<T> = (cursor: string | undefined) => Promise<ListPage<T>>;

/** A list read page by page, on demand. A reload asks for as many items as are shown, and the old ones stay until the new ones have arrived. */
export class PagedList<T> {
  private readonly read = signal<readonly T[] | null>(null);
  private readonly cursor = signal<string | undefined>(undefined);
  private readonly failure = signal<ApiProblem | null>(null);
  private readonly loading = signal(false);
  /** Answers to any request but the latest are ignored. */
  private attempt = 0;

  /** Null before the first page. */
  readonly items = this.read.asReadonly();
  readonly problem = this.failure.asReadonly();
  readonly isLoading = this.loading.asReadonly();
  readonly hasMore = computed(() => this.cursor() !== undefined);

  constructor(private readonly fetchPage: FetchPage<T>) {}

  async reload(): Promise<void> {
    const wanted = this.read()?.length ?? 0;
    await this.run((isCurrent) => this.fromStart(wanted, isCurrent));
  }

  /** The next page, once. If its cursor is refused, all pages up to it, from the start. */
  async loadMore(): Promise<void> {
    const cursor = this.cursor();
    if (cursor === undefined || this.loading()) return;
    const shown = this.read() ?? [];
    await this.run(async (isCurrent) => {
      try {
        const page = await this.fetchPage(cursor);
        return { items: [...shown, ...page.items], nextCursor: page.nextCursor };
      } catch (error) {
        if (!isRefusedCursor(error) || !isCurrent()) throw error;
        return this.fromStart(shown.length + 1, isCurrent);
      }
    });
  }

  /** All remaining items, up to what a page can hold. */
  async loadAll(): Promise<void> {
    while (this.hasMore() && !this.loading() && this.failure() === null && (this.read()?.length ?? 0) < MOST_ITEMS)
      await this.loadMore();
  }

  /** As many pages as hold the wanted number of items. */
  private async fromStart(wanted: number, isCurrent: () => boolean): Promise<ListPage<T>> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.fetchPage(cursor);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined && items.length < wanted && isCurrent());
    return { items, nextCursor: cursor };
  }

  private async run(read: (isCurrent: () => boolean) => Promise<ListPage<T>>): Promise<void> {
    const attempt = ++this.attempt;
    const isCurrent = (): boolean => attempt === this.attempt;
    this.loading.set(true);
    try {
      const { items, nextCursor } = await read(isCurrent);
      if (!isCurrent()) return;
      this.read.set(items);
      this.cursor.set(nextCursor);
      this.failure.set(null);
    } catch (error) {
      if (isCurrent()) this.failure.set(asProblem(error));
    } finally {
      if (isCurrent()) this.loading.set(false);
    }
  }
}
