import { describe, expect, it } from 'vitest';
import { cutMarker, cutOutput, cutToBytes } from './cut-output.js';

const text = (value: string) => ({ type: 'text', text: value });
const image = { type: 'image', data: 'A'.repeat(100) };
const mark = cutMarker(6);

it('a text is cut at a whole character', () => {
  expect(cutToBytes('aé', 3)).toBe('aé');
  expect(cutToBytes('aéb', 2)).toBe('a');
});

it('the mark names the limit', () => {
  expect([1024 * 1024, 1024 * 1536, 1025].map(cutMarker)).toEqual([
    '\n[… output cut here: more than 1 MiB …]\n',
    '\n[… output cut here: more than 1536 KiB …]\n',
    '\n[… output cut here: more than 1025 bytes …]\n',
  ]);
});

describe('the content of a result', () => {
  it('stays as it is up to the limit', () => {
    const content = [text('abc'), image, text('de')];
    expect(cutOutput(content, 6)).toEqual({ content });
  });

  it('has so many bytes of text in all, and says how many it had', () => {
    expect(cutOutput([text('abcdefg')], 6)).toEqual({ content: [text(`abcdef${mark}`)], outputBytes: 7 });
    expect(cutOutput([text('abc'), image, text('éé'), text('x'), image], 6)).toEqual({
      content: [text('abc'), image, text(`é${mark}`), image],
      outputBytes: 10,
    });
  });

  it('is cut also where only what stands between its texts is too much', () => {
    expect(cutOutput([text('abc'), text('def')], 7)).toEqual({ content: [text('abc'), text('def')] });
    expect(cutOutput([text('abc'), text('def')], 6)).toEqual({
      content: [text('abc'), text(`de${mark}`)],
      outputBytes: 7,
    });
    expect(cutOutput([text('abcdef'), text('')], 6)).toEqual({
      content: [text('abcdef'), text(mark)],
      outputBytes: 7,
    });
  });

  it('is marked also where the limit is between two of its texts', () => {
    expect(cutOutput([text('abcdef'), text('g')], 6)).toEqual({
      content: [text('abcdef'), text(mark)],
      outputBytes: 8,
    });
  });
});
