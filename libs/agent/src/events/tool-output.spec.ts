import { MAX_TOOL_OUTPUT_BYTES } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { CUT_MARKER, cutToBytes, ToolOutputDelta } from './tool-output.js';

describe('ToolOutputDelta', () => {
  it('sends only what is new of cumulative output', () => {
    const output = new ToolOutputDelta();
    expect(output.next('')).toBeNull();
    expect(output.next('one\n')).toEqual({ delta: 'one\n' });
    expect(output.next('one\n')).toBeNull();
    expect(output.next('one\ntwo\n')).toEqual({ delta: 'two\n' });
  });

  it('says when the text was replaced', () => {
    const output = new ToolOutputDelta();
    output.next('10 %');
    expect(output.next('20 %')).toEqual({ delta: '20 %', reset: true });
    expect(output.next('')).toEqual({ delta: '', reset: true });
  });

  it('follows a window that moves on over long output', () => {
    const lines = Array.from({ length: 400 }, (_, i) => `line ${i}\n`);
    const output = new ToolOutputDelta();
    output.next(lines.slice(0, 300).join(''));
    expect(output.next(lines.slice(100, 350).join(''))).toEqual({ delta: lines.slice(300, 350).join('') });
  });

  it('cuts at the limit, once, and marks it', () => {
    const output = new ToolOutputDelta();
    const whole = 'x'.repeat(MAX_TOOL_OUTPUT_BYTES + 10);
    const sent = output.next(whole);
    expect(sent?.delta).toBe('x'.repeat(MAX_TOOL_OUTPUT_BYTES) + CUT_MARKER);
    expect(output.next(`${whole}more`)).toBeNull();
  });
});

describe('cutToBytes', () => {
  it('cuts at a whole character', () => {
    expect(cutToBytes('aé', 3)).toBe('aé');
    expect(cutToBytes('aéb', 2)).toBe(`a${CUT_MARKER}`);
  });
});
