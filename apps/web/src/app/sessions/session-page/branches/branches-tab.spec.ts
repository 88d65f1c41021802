import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { BranchView, ForkView } from '@pizzapi/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
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
    const line = (words: string) => [...page.querySelectorAll('button')].find((it) => it.textContent.includes(words));
    return { page, shown, line };
  }

  it('has each branch below the one on which it forks, and says where it stands', () => {
    const { page } = open();
    const lines = [...page.querySelectorAll('li')].map((item) => [
      item.style.getPropertyValue('--depth'),
      item.querySelector('.words')?.textContent,
      item.className,
    ]);
    expect(lines).toEqual([
      ['0', 'Say b', ''],
      ['1', 'Say h', ''],
      ['1', 'Say i', ''],
      ['0', 'Say c', 'current'],
      ['1', 'Say e', 'current'],
      ['1', 'Say f', ''],
    ]);
    expect(page.querySelector('[aria-current]')?.textContent).toContain('Say e');
    expect(page.querySelector('.note')).toBeNull();
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
    expect([line('Say f')?.disabled, line('Say c')?.disabled]).toEqual([true, false]);
    expect(page.textContent).toContain('when the agent is idle');
  });

  it('says that it stands before all of them', () => {
    all.set([fork('a', null, way('b', 1), way('c', 3))]);
    expect(open().page.querySelector('.note')?.textContent).toContain('before all of these');
  });

  it('of an older relay, which does not say what is on what, is a list', () => {
    all.update((forks) => forks.map(({ within: _within, ...fork }) => fork));
    expect([...open().page.querySelectorAll('li')].map((item) => item.style.getPropertyValue('--depth'))).toEqual(
      Array.from({ length: 6 }, () => '0'),
    );
  });
});
