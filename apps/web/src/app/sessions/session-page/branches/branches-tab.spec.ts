import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { BranchView, ForkView } from '@pizzapi/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BranchesTab } from './branches-tab';
import { SessionBranches } from './session-branches';

const way = (entryId: string, seq: number, isCurrent = false): BranchView => ({
  entryId,
  seq,
  kind: 'user',
  text: `Say ${entryId}`,
  ts: '2026-11-20T10:00:00.000Z',
  isCurrent,
});
const fork = (parentEntryId: string, within: string | null, ...branches: BranchView[]): ForkView => ({
  parentEntryId,
  within,
  isAhead: false,
  branches,
});

describe('the tree of a conversation', () => {
  const all = signal<readonly ForkView[]>([]);
  const isChangeable = signal(true);
  let changed: string[];

  beforeEach(() => {
    changed = [];
    isChangeable.set(true);
    all.set([
      fork('a', null, way('b', 2), way('c', 5, true)),
      fork('d', 'c', way('e', 7, true), way('f', 9)),
      fork('g', 'b', way('h', 3), way('i', 4)),
    ]);
    const branches = {
      all,
      isChangeable,
      change: (entryId: string, at: string) => Promise.resolve(changed.push(`${at} ${entryId}`) > 0),
    };
    TestBed.configureTestingModule({ providers: [{ provide: SessionBranches, useValue: branches }] });
  });

  function open() {
    const fixture = TestBed.createComponent(BranchesTab);
    const shown: number[] = [];
    fixture.componentInstance.shown.subscribe((seq) => shown.push(seq));
    fixture.detectChanges();
    const page: HTMLElement = fixture.nativeElement;
    document.body.append(page);
    const items = (): HTMLElement[] => [...page.querySelectorAll<HTMLElement>('[role=treeitem]')];
    const line = (words: string) => items().find((it) => it.textContent.includes(words));
    const press = (key: string): string => {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      fixture.detectChanges();
      return document.activeElement?.querySelector('.words')?.textContent ?? '';
    };
    const words = (): (string | null | undefined)[] => items().map((it) => it.querySelector('.words')?.textContent);
    return { fixture, page, shown, line, items, press, words };
  }
  afterEach(() => document.querySelectorAll('pz-branches-tab').forEach((page) => page.remove()));

  it('has each branch below the one on which it forks, and says where it stands', () => {
    const { page, items } = open();
    const lines = items().map((item) => [
      item.querySelector('.words')?.textContent,
      ...['level', 'posinset', 'setsize', 'expanded'].map((name) => item.getAttribute(`aria-${name}`)),
      item.className,
    ]);
    expect(lines).toEqual([
      ['Say b', '1', '1', '2', 'true', ''],
      ['Say h', '2', '1', '2', null, ''],
      ['Say i', '2', '2', '2', null, ''],
      ['Say c', '1', '2', '2', 'true', 'current'],
      ['Say e', '2', '1', '2', null, 'current'],
      ['Say f', '2', '2', '2', null, ''],
    ]);
    expect(page.querySelector('[aria-current]')?.textContent).toContain('Say e');
    expect(page.querySelector('.note')).toBeNull();
  });

  it('is gone through by keyboard, from where the conversation is', () => {
    const { items, press, words, shown } = open();
    const reached = items().filter(({ tabIndex }) => tabIndex === 0);
    expect(reached.map((item) => item.querySelector('.words')?.textContent)).toEqual(['Say e']);
    reached[0]?.focus();
    expect(press('ArrowDown')).toBe('Say f');
    expect(press('ArrowDown')).toBe('Say f');
    expect(press('ArrowLeft')).toBe('Say c');
    expect(press('ArrowLeft')).toBe('Say c');
    expect(words()).toEqual(['Say b', 'Say h', 'Say i', 'Say c']);
    expect(items().at(-1)?.textContent).toContain('2 below');
    expect(press('ArrowRight')).toBe('Say c');
    expect(press('ArrowRight')).toBe('Say e');
    expect([press('Home'), press('ArrowUp'), press('End')]).toEqual(['Say b', 'Say b', 'Say f']);
    press('Enter');
    press('ArrowLeft');
    press(' ');
    expect([changed, shown]).toEqual([['end f'], [5]]);
    expect(items().filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
  });

  it('leads to where the conversation is, also when that is out of sight', async () => {
    all.update(([first, ...forks]) => [
      ...(first
        ? [{ ...first, branches: [...first.branches, ...Array.from({ length: 9 }, (_, at) => way(`x${at}`, 20 + at))] }]
        : []),
      ...forks,
    ]);
    const { fixture, page, line, words } = open();
    line('Say c')?.querySelector<HTMLElement>('.twist')?.click();
    fixture.detectChanges();
    expect(words()).not.toContain('Say e');
    page.querySelector<HTMLButtonElement>('.jump')?.click();
    await fixture.whenStable();
    expect(document.activeElement?.textContent).toContain('Say e');
  });

  it('leads to another branch, and on its own to where that begins', () => {
    const { line, shown } = open();
    line('Say f')?.click();
    line('Say c')?.click();
    expect([changed, shown]).toEqual([['end f'], [5]]);
  });

  it('leads to no other branch while the agent works', () => {
    isChangeable.set(false);
    const { page, line } = open();
    line('Say f')?.click();
    expect(changed).toEqual([]);
    const disabled = ['Say f', 'Say c'].map((words) => line(words)?.getAttribute('aria-disabled'));
    expect(disabled).toEqual(['true', null]);
    expect(page.textContent).toContain('when the agent is idle');
  });

  it('says that it stands before all of them', () => {
    all.set([fork('a', null, way('b', 1), way('c', 3))]);
    expect(open().page.querySelector('.note')?.textContent).toContain('before all of these');
  });

  it('of an older relay, which does not say what is on what, is a list', () => {
    all.update((forks) => forks.map(({ within: _within, ...fork }) => fork));
    const levels = open()
      .items()
      .map((item) => item.getAttribute('aria-level'));
    expect(levels).toEqual(Array.from({ length: 6 }, () => '1'));
  });
});
