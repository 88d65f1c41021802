import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PagedList } from './paged-list';
import { loadAllFor, TableView } from './table-view';

interface Row {
  name: string;
  size: number;
  seen: string | null;
}
const ROWS: Row[] = [
  { name: 'build-10', size: 3, seen: null },
  { name: 'Build-9', size: 20, seen: '2026-02-01' },
  { name: 'alpha', size: 3, seen: '2026-01-01' },
];

describe('TableView', () => {
  const sort = signal<string | undefined>(undefined);
  const q = signal<string | undefined>(undefined);
  const navigate = vi.fn();
  let items = signal<readonly Row[] | null>(ROWS);

  beforeEach(() => {
    sort.set(undefined);
    q.set(undefined);
    items = signal<readonly Row[] | null>(ROWS);
    TestBed.configureTestingModule({ providers: [{ provide: Router, useValue: { navigate } }] });
  });

  const view = (rows = items.asReadonly()) =>
    TestBed.runInInjectionContext(
      () =>
        new TableView(
          rows,
          { sort, q },
          { name: (row: Row) => row.name, size: (row: Row) => row.size, seen: (row: Row) => row.seen },
          (row) => `${row.name} ${row.size}`,
        ),
    );
  const names = ({ rows }: { rows: () => readonly Row[] | null }): string[] | undefined =>
    rows()?.map(({ name }) => name);

  it('sorts by the column of the address, words by their numbers, the unknown last, and leaves equals as they came', () => {
    const table = view();
    expect(names(table)).toEqual(['build-10', 'Build-9', 'alpha']);
    for (const [wanted, sorted] of [
      ['name', ['alpha', 'Build-9', 'build-10']],
      ['-name', ['build-10', 'Build-9', 'alpha']],
      ['size', ['build-10', 'alpha', 'Build-9']],
      ['-size', ['Build-9', 'build-10', 'alpha']],
      ['seen', ['alpha', 'Build-9', 'build-10']],
      ['-seen', ['Build-9', 'alpha', 'build-10']],
      ['toString', ['build-10', 'Build-9', 'alpha']],
    ] as const) {
      sort.set(wanted);
      expect(names(table), wanted).toEqual(sorted);
    }
  });

  it('shows the rows that have all words of the address', () => {
    const table = view();
    q.set('BUILD 2');
    expect([names(table), table.isFiltered()]).toEqual([['Build-9'], true]);
    q.set('  ');
    expect([names(table)?.length, table.isFiltered()]).toEqual([3, false]);
    items.set(null);
    expect(table.rows()).toBeNull();
  });

  it('writes into the address what is chosen, and nothing where it is the usual', () => {
    const table = view();
    table.sortBy('-name');
    table.filterBy('');
    expect(navigate.mock.calls.map((call: unknown[]) => call[1])).toMatchObject([
      { queryParams: { sort: '-name' }, queryParamsHandling: 'merge', replaceUrl: true },
      { queryParams: { q: null } },
    ]);
  });

  it('reads all pages once it is sorted or filtered', async () => {
    const list = new PagedList<Row>((cursor) => {
      const at = Number(cursor ?? 0);
      return Promise.resolve({ items: ROWS.slice(at, at + 1), nextCursor: at < 2 ? String(at + 1) : undefined });
    });
    const table = view(list.items);
    TestBed.runInInjectionContext(() => loadAllFor(table, list));
    await list.reload();
    TestBed.tick();
    expect(names(table)).toEqual(['build-10']);
    sort.set('name');
    TestBed.tick();
    await vi.waitFor(() => expect(names(table)).toEqual(['alpha', 'Build-9', 'build-10']));
  });
});
