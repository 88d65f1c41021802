import { describe, expect, it } from 'vitest';
import { completedPath, mayFit, typedPath } from './typed-path';

/** `|` stands for the caret. */
function at(marked: string): [text: string, caret: number] {
  return [marked.replace('|', ''), marked.indexOf('|')];
}

describe('typedPath', () => {
  it.each([
    ['@|', ''],
    ['look at @src/ma|', 'src/ma'],
    ['look at @src| and tell', 'src'],
    ['(@a|', 'a'],
    ['one\n@a|', 'a'],
    ['@"my notes/to|', 'my notes/to'],
    ['@"my notes/|"', 'my notes/'],
    ['mail a@b|', null],
    ['@src done|', null],
    ['|@src', null],
    ['@@|', '@'],
    [`@${'a'.repeat(201)}|`, null],
  ])('%j: %j', (marked, query) => {
    expect(typedPath(...at(marked))?.query ?? null).toBe(query);
  });
});

describe('completedPath', () => {
  it.each([
    ['look at @ma|', 'src/main.ts', false, 'look at @src/main.ts |'],
    ['look at @ma| now', 'src/main.ts', false, 'look at @src/main.ts| now'.replace('| ', ' |')],
    ['@s|', 'src', true, '@src/|'],
    ['@my|', 'my notes', true, '@"my notes/|"'],
    ['@"my notes/|"', 'my notes/to do.md', false, '@"my notes/to do.md" |'],
    ['@"my| rest', 'my notes/a.md', false, '@"my notes/a.md" |rest'],
  ])('%j with %j', (marked, path, isFolder, expected) => {
    const [text, caret] = at(marked);
    const typed = typedPath(text, caret);
    if (!typed) throw new Error('No path is typed.');
    const completed = completedPath(text, caret, typed, { path, isFolder });
    expect(`${completed.text.slice(0, completed.caret)}|${completed.text.slice(completed.caret)}`).toBe(expected);
  });
});

it('tells what may fit by its letters in their order', () => {
  expect(['mn', 'src/MT', './src', ''].map((query) => mayFit('src/main.ts', query))).toEqual([true, true, true, true]);
  expect(mayFit('src/main.ts', 'tm')).toBe(false);
});
