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

  it('parses the last block only, however long the message is', () => {
    const host = document.createElement('div');
    const markdown = new IncrementalMarkdown(host);
    for (let line = 0; line < 400; line += 1) markdown.append(`Line ${line} of a long answer.\n\n`);
    const sections = [...host.querySelectorAll('.section')];
    const changed: Node[] = [];
    const observer = new MutationObserver((records) => changed.push(...records.map((record) => record.target)));
    observer.observe(host, { childList: true, characterData: true, subtree: true });
    markdown.append('And the ');
    markdown.append('last one.');
    changed.push(...observer.takeRecords().map((record) => record.target));
    expect(sections.length).toBeGreaterThan(10);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every((target) => target === host.querySelector('.last'))).toBe(true);
    // So much text takes this environment seconds.
  }, 30_000);
});
