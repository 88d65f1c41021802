import { IncrementalMarkdown, renderWhole } from './incremental-markdown';

const TEXT = `# Plan

First a paragraph with **bold** and a [link](https://example.com).

- one
- two
  - nested

1. first
2. second

\`\`\`ts
const a = 1;

// \`\`\` not a fence
const b = 2;
\`\`\`

> quoted

| a | b |
|---|---|
| 1 | 2 |

~~~
tilde \`\`\`
~~~

The end.`;

function whole(text: string): string {
  const host = document.createElement('div');
  renderWhole(host, text);
  return host.innerHTML;
}
function streamed(text: string, size: number): string {
  const host = document.createElement('div');
  const markdown = new IncrementalMarkdown(host);
  for (let i = 0; i < text.length; i += size) markdown.append(text.slice(i, i + size));
  markdown.finish();
  host.querySelector('.last')?.remove();
  return host.innerHTML;
}
const compact = (html: string): string => html.replace(/\n|<div class="section">/g, '').replaceAll('</div>', '');

describe('IncrementalMarkdown', () => {
  it.each([1, 2, 3, 7, 16, 1000])('ends as if rendered whole, by %i characters', (size) => {
    expect(compact(streamed(TEXT, size))).toBe(compact(whole(TEXT)));
  });

  it('shows what there is so far, also inside an open code block', () => {
    const host = document.createElement('div');
    const markdown = new IncrementalMarkdown(host);
    markdown.append('Look:\n\n```js\nlet a');
    expect(host.querySelector('code')?.textContent).toBe('let a');
    markdown.append(' = 1;\nlet b');
    expect(host.querySelector('code')?.textContent).toBe('let a = 1;\nlet b');
  });

  it('survives a code block that is never closed', () => {
    expect(streamed('```js\nlet a', 4)).toContain('<code>let a</code>');
  });

  it('costs the same per addition at the end of 2,000 lines as at their beginning', () => {
    const host = document.createElement('div');
    const markdown = new IncrementalMarkdown(host);
    const tookMs = (lines: number): number => {
      const startedAt = performance.now();
      for (let line = 0; line < lines; line += 1) markdown.append('A line of a long answer.\n\n');
      return performance.now() - startedAt;
    };
    tookMs(50);
    const first = tookMs(200);
    tookMs(600);
    expect(tookMs(200)).toBeLessThan(first * 4 + 50);
    expect(host.querySelectorAll('p')).toHaveLength(1050);
  });
});
