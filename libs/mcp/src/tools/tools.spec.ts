import { describe, expect, it } from 'vitest';
import { toolName } from './tool-name.js';
import { toolResult } from './tool-result.js';

describe('the name of a tool', () => {
  it('says its server', () => expect(toolName('github', 'create_issue')).toBe('mcp__github__create_issue'));

  it('is one that providers take, and no other tool’s', () => {
    const names = ['a.b', 'a/b', 'x'.repeat(80), `${'x'.repeat(79)}y`].map((tool) => toolName('server', tool));
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^mcp__server__[A-Za-z0-9_-]{1,51}$/);
  });
});

describe('a result', () => {
  it('is text and images; what is neither is named', () => {
    const { content, isError } = toolResult({
      content: [
        { type: 'text', text: 'hello' },
        { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        { type: 'image', data: 'AAAA', mimeType: 'image/svg+xml' },
        { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
        { type: 'resource', resource: { uri: 'file:///a', text: 'inside' } },
        { type: 'resource', resource: { uri: 'file:///b', blob: 'AAAA', mimeType: 'application/zip' } },
        { type: 'resource_link', uri: 'file:///c', name: 'c' },
      ],
    });
    expect(content).toEqual([
      { type: 'text', text: 'hello' },
      { type: 'image', data: 'AAAA', mimeType: 'image/png' },
      { type: 'text', text: '[image, image/svg+xml, which cannot be shown here]' },
      { type: 'text', text: '[audio, audio/wav, which cannot be heard here]' },
      { type: 'text', text: '[resource file:///a]\ninside' },
      { type: 'text', text: '[resource file:///b, application/zip, which is not text]' },
      { type: 'text', text: '[resource c: file:///c]' },
    ]);
    expect(isError).toBe(false);
  });

  it('that is structured only is shown as JSON', () =>
    expect(toolResult({ content: [], structuredContent: { a: 1 } }).content).toEqual([
      { type: 'text', text: '{\n  "a": 1\n}' },
    ]));

  it('is cut where it would fill the context', () => {
    const { content } = toolResult({
      content: [
        { type: 'text', text: 'x'.repeat(100_001) },
        { type: 'text', text: 'y' },
      ],
    });
    expect(content).toHaveLength(1);
    expect(content[0]).toMatchObject({ text: expect.stringMatching(/x\n\[cut: the answer is longer\]$/) });
  });

  it.each([
    ['ten', Array<number>(12).fill(8), 10, 2],
    ['5 MiB each', [5 * 1024 * 1024 + 1, 8], 1, 1],
    ['10 MiB together', Array<number>(4).fill(3_500_000), 2, 2],
  ])('has images of at most %s, and says how many are left out', (_bound, sizes, kept, leftOut) => {
    const images = sizes.map((size) => ({ type: 'image' as const, data: 'A'.repeat(size), mimeType: 'image/png' }));
    const { content } = toolResult({ content: images });
    expect(content.filter(({ type }) => type === 'image')).toHaveLength(kept);
    expect(content.at(-1)).toEqual({
      type: 'text',
      text: `[${leftOut} of its images left out: too large, or too many]`,
    });
  });
});
