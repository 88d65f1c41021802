import { beforeEach, describe, expect, it } from 'vitest';
import { ToolOutputDelta } from './tool-output-delta.js';

const MAX = 64 * 1024;
let output: ToolOutputDelta;
beforeEach(() => (output = new ToolOutputDelta(MAX)));

describe('ToolOutputDelta', () => {
  it('sends only what is new of cumulative output', () => {
    expect(output.next('')).toBeNull();
    expect(output.next('one\n')).toEqual({ delta: 'one\n' });
    expect(output.next('one\n')).toBeNull();
    expect(output.next('one\ntwo\n')).toEqual({ delta: 'two\n' });
  });

  it('says when the text was replaced', () => {
    output.next('10 %');
    expect(output.next('20 %')).toEqual({ delta: '20 %', reset: true });
    expect(output.next('')).toEqual({ delta: '', reset: true });
  });

  it('follows a window that moves on over long output', () => {
    const lines = Array.from({ length: 400 }, (_, i) => `line ${i}\n`);
    output.next(lines.slice(0, 300).join(''));
    expect(output.next(lines.slice(100, 350).join(''))).toEqual({ delta: lines.slice(300, 350).join('') });
  });

  it('cuts at the limit, once, and marks it', () => {
    const whole = 'x'.repeat(MAX + 10);
    const mark = '\n[… output cut here: more than 64 KiB …]\n';
    expect(output.next('x'.repeat(10))).toEqual({ delta: 'x'.repeat(10) });
    expect(output.next(whole)).toEqual({ delta: 'x'.repeat(MAX - 10) + mark });
    expect(output.next(`${whole}more`)).toBeNull();
  });
});
