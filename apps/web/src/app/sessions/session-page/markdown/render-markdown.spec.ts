import { PLAIN_MARKDOWN, sanitizeHighlighted } from './render-markdown';

function rendered(text: string): HTMLElement {
  const host = document.createElement('div');
  host.append(PLAIN_MARKDOWN.render(PLAIN_MARKDOWN.tokens(text)));
  return host;
}
const html = (text: string): string => rendered(text).innerHTML;

const VECTORS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<a href="javascript:alert(1)">x</a>',
  '<form action="javascript:alert(1)"><button>x</button></form>',
  '<details open ontoggle=alert(1)>',
  '<body onload=alert(1)>',
  '<object data="data:text/html,<script>alert(1)</script>">',
  '<base href="//evil.example/">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<style>@import "//evil.example"</style>',
  '<input autofocus onfocus=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\nscript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](&#x6A;&#x61;vascript:alert&#40;1&#41;)',
  '[x]( javascript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](//evil.example)',
  '![x](javascript:alert(1))',
  '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
  '![x](https://evil.example/?secret=1)',
  '![" onerror="alert(1)](data:image/png;base64,AAAA)',
  '![x](data:image/png;base64,AAAA" onerror="alert(1))',
  '[x](https://a.example "\" onmouseover=alert(1) x=\"")',
  '<https://a.example/"onmouseover="alert(1)>',
  '<javascript:alert(1)>',
  '[ref]\n\n[ref]: javascript:alert(1)',
  '```<img src=x onerror=alert(1)>\ncode\n```',
  '```js" onmouseover="alert(1)\ncode\n```',
  '`<img src=x onerror=alert(1)>`',
  '| a |\n|---|\n| <img src=x onerror=alert(1)> |',
  '- [ ] <input onfocus=alert(1) autofocus>',
];

describe('renderMarkdown', () => {
  it.each(VECTORS)('lets nothing run: %s', (text) => {
    const host = rendered(text);
    for (const element of host.querySelectorAll('*')) {
      expect(element.tagName).not.toMatch(
        /^(script|iframe|object|embed|form|button|style|base|meta|svg|math|template)$/i,
      );
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on|^style$|^srcdoc$|^formaction$/i);
        if (name === 'href') expect(value).toMatch(/^(https?:\/\/|mailto:|\/(?!\/))/);
        if (name === 'src') expect(value).toMatch(/^data:image\/(png|jpeg|gif|webp|avif);base64,/);
      }
    }
  });

  it('shows raw HTML as text', () => {
    expect(rendered('a <b>bold</b> claim').textContent).toContain('<b>bold</b>');
    // A block of it in an element of its own: bare text would not survive the way into the page.
    const block = rendered('<div>\n  <i>x</i>\n</div>\n\nafter').firstElementChild;
    expect(block?.textContent).toBe('<div>\n  <i>x</i>\n</div>');
  });

  it('opens links in a tab of their own, without a way back', () => {
    const link = rendered('[docs](https://example.com/a?b=1&c=2)').querySelector('a');
    expect(link?.href).toBe('https://example.com/a?b=1&c=2');
    expect(link).toMatchObject({ target: '_blank', rel: 'noopener noreferrer' });
  });

  it('does not fetch pictures from elsewhere', () => {
    const host = rendered('![plan](https://evil.example/p.png)');
    expect(host.querySelector('img')).toBeNull();
    expect(host.querySelector('a')?.textContent).toBe('plan');
  });

  it('renders what Markdown has', () => {
    expect(html('# T\n\n**b** *i* ~~d~~ `c`')).toContain('<strong>b</strong> <em>i</em> <del>d</del> <code>c</code>');
    expect(rendered('| a | b |\n|---|---|\n| 1 | 2 |').querySelectorAll('.table-scroll td')).toHaveLength(2);
    expect(rendered('- [x] done').querySelector('input')).toMatchObject({
      type: 'checkbox',
      disabled: true,
      checked: true,
    });
  });

  it('keeps a highlighter to spans', () => {
    const host = document.createElement('div');
    host.append(sanitizeHighlighted('<span class="k" onclick="x()">a</span><img src=x onerror=y()>'));
    expect(host.innerHTML).toBe('<span class="k">a</span>');
  });
});
