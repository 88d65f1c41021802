import { appendText, emptyText, growingText, isContinuation, textSince, wholeText } from './growing-text';

describe('GrowingText', () => {
  it('hands a reader only what is new', () => {
    const first = appendText(emptyText(), 'one ');
    const second = appendText(appendText(first, 'two '), 'three');
    expect(textSince(second, first.count)).toBe('two three');
    expect(wholeText(second)).toBe('one two three');
    expect(second.length).toBe(13);
    expect(isContinuation(first, second)).toBe(true);
  });

  it('leaves older values as they were, also when they are extended in another direction', () => {
    const base = growingText('a');
    const left = appendText(base, 'b');
    const right = appendText(base, 'c');
    expect([base, left, right].map(wholeText)).toEqual(['a', 'ab', 'ac']);
    expect(isContinuation(left, right)).toBe(false);
  });

  it('appends 200,000 deltas without ever copying the text', () => {
    let text = emptyText();
    for (let i = 0; i < 200_000; i += 1) text = appendText(text, 'ab');
    expect(text.length).toBe(400_000);
    expect(text.chunks.length).toBe(200_000);
  });
});
