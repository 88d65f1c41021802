import { describe, expect, it } from 'vitest';
import { changesFor, forksOf, type TreeEntry } from './branch-tree.js';

/** Builds entries from words of the form `a<b`: entry and parent; `!` marks a hidden entry. */
function tree(text: string): TreeEntry[] {
  return text.split(' ').map((word, index) => {
    const [, entryId = '', parent, hidden] = /^(\w+)(?:<(\w*))?(!?)$/.exec(word) ?? [];
    return { seq: index + 1, entryId, parentId: parent ?? null, isHidden: hidden === '!' };
  });
}
const forks = (text: string): unknown[] =>
  forksOf(tree(text)).map(({ parentEntryId, isAhead, branches }) => [
    parentEntryId,
    isAhead,
    branches.map(({ entryId }) => entryId).join(''),
  ]);

describe('a tree of entries', () => {
  it('has no forks if an older worker reported it without parents', () => expect(forks('a b c')).toEqual([]));

  it('forks where an entry has several successors, and at the beginning', () => {
    expect(forks('a< b<a c<b! d<a e<d')).toEqual([['a', false, 'bd']]);
    expect(forks('a<! b<a! c< d<c')).toEqual([[null, false, 'ac']]);
  });

  it('has forks on branches, and says on which', () => {
    const within = (text: string) => forksOf(tree(text)).map((fork) => [fork.parentEntryId, fork.within]);
    expect(within('a< b<a c<b d<c! e<c f<a! g<f! h<f!')).toEqual([
      ['a', null],
      ['c', 'b'],
      ['f', 'f'],
    ]);
    expect(within('a<! b<a! c< d<c e<c!')).toEqual([
      [null, null],
      ['c', 'c'],
    ]);
  });

  it('says that a fork is ahead if the conversation was taken back to its parent', () => {
    expect(forks('a< b<a c<b! d<c!')).toEqual([['b', true, 'c']]);
    expect(forks('a<! b<a!')).toEqual([[null, true, 'a']]);
  });

  it('shows the path to a leaf, and hides all other entries, in runs', () => {
    expect(changesFor(tree('a< b<a c<b d<b e<d'), 'e')).toEqual({ shown: [], hidden: [{ from: 3, to: 3 }] });
    expect(changesFor(tree('a< b<a! c<b! d<a e<d'), 'c')).toEqual({
      shown: [{ from: 2, to: 3 }],
      hidden: [{ from: 4, to: 5 }],
    });
    expect(changesFor(tree('a b c'), null)).toEqual({ shown: [], hidden: [{ from: 1, to: 3 }] });
    expect(changesFor(tree('a b! c d!'), 'd')).toEqual({
      shown: [
        { from: 2, to: 2 },
        { from: 4, to: 4 },
      ],
      hidden: [],
    });
  });
});
