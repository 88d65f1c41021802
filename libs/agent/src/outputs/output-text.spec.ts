import { expect, it } from 'vitest';
import { outputBytes, outputTexts, sliceOutput } from './output-text.js';

const PIZZA = '🍕';

it('only texts are taken for text', () => {
  const content = [{ type: 'text', text: 'a' }, { type: 'image', data: 'AAAA', text: 'no' }, null, { type: 'text' }];
  expect(outputTexts({ content })).toEqual(['a']);
  expect([undefined, 'text', {}, { content: 'text' }].flatMap(outputTexts)).toEqual([]);
});

it('bytes are those of UTF-8, with a line break between two texts', () => {
  expect(outputBytes({ content: [] })).toBe(0);
  expect(
    outputBytes({
      content: [
        { type: 'text', text: 'é' },
        { type: 'text', text: PIZZA },
      ],
    }),
  ).toBe(7);
});

it.each([2, 3, 4, 5, 100])('pieces of %i together are the whole, and none ends within a character', (length) => {
  const texts = ['ab', '', `é${PIZZA}${PIZZA}`, `c${PIZZA}`];
  const pieces: string[] = [];
  for (let from = 0, isEnd = false; !isEnd; from += pieces.at(-1)?.length ?? 0) {
    const piece = sliceOutput(texts, from, length);
    pieces.push(piece.text);
    ({ isEnd } = piece);
  }
  expect(pieces.join('')).toBe(texts.join('\n'));
  expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
});

it('half a character that is all there is stays what it is, and beyond the end is nothing', () => {
  expect(sliceOutput(['a\ud83c'], 0, 10)).toEqual({ text: 'a\ud83c', isEnd: true });
  expect(sliceOutput(['abc'], 7, 10)).toEqual({ text: '', isEnd: true });
  expect(sliceOutput([], 0, 10)).toEqual({ text: '', isEnd: true });
});
