import { additions, diffCounts, parseDiff, sideBySide } from './diff-lines';
import { clock, compactNumber, dollars } from './number-words';
import { peekField } from './tool-summary';

describe('words and numbers', () => {
  it.each([
    [0, '0:00'],
    [48_000, '0:48'],
    [3_723_000, '1:02:03'],
  ])('clock %i', (ms, text) => expect(clock(ms)).toBe(text));

  it.each([
    [950, '950'],
    [4_100, '4.1k'],
    [82_000, '82k'],
    [1_200_000, '1.2M'],
  ])('compactNumber %i', (n, text) => expect(compactNumber(n)).toBe(text));

  it('never shows a cost as nothing', () =>
    expect([0, 0.004, 0.631].map(dollars)).toEqual(['$0.00', '<$0.01', '$0.63']));

  it('reads a field out of unfinished JSON', () => {
    expect(peekField('{"command":"echo \\"a\\" && ls', ['command'])).toBe('echo "a" && ls');
    expect(peekField('{"pa', ['path'])).toBe('');
  });
});

describe('diffs', () => {
  const diff = [' 41 function a() {', '-42   old();', '+42   fresh();', '+43   more();', '    ...', ' 90 }'].join('\n');

  it('reads pi’s display diff', () => {
    expect(parseDiff(diff)).toEqual([
      { kind: 'context', number: 41, text: 'function a() {' },
      { kind: 'removed', number: 42, text: '  old();' },
      { kind: 'added', number: 42, text: '  fresh();' },
      { kind: 'added', number: 43, text: '  more();' },
      { kind: 'skip', number: null, text: '' },
      { kind: 'context', number: 90, text: '}' },
    ]);
    expect(diffCounts(diff)).toEqual({ added: 2, removed: 1 });
  });

  it('puts changes side by side', () => {
    const pairs = sideBySide(parseDiff(diff));
    expect(pairs.map(({ left, right }) => [left?.number ?? null, right?.number ?? null])).toEqual([
      [41, 41],
      [42, 42],
      [null, 43],
      [null, null],
      [90, 90],
    ]);
  });

  it('shows a new file as additions', () => {
    expect(additions('a\nb\n').map(({ number, text }) => [number, text])).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
  });
});
