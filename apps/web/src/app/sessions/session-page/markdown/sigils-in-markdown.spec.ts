import type { Sigil } from '../sigils/sigil';
import { IncrementalMarkdown, renderWhole } from './incremental-markdown';
import { Markdown } from './render-markdown';

/** A chip that shows only where it stands and what it was given. */
function stub(sigil: Sigil): HTMLElement {
  const chip = document.createElement('pz-stub');
  chip.textContent = `<${sigil.type}|${sigil.id}|${JSON.stringify(sigil.params)}>`;
  return chip;
}
const markdown = new Markdown({ has: (type) => ['pr', 'commit'].includes(type), chip: stub });

function rendered(text: string): HTMLElement {
  const host = document.createElement('div');
  renderWhole(host, text, markdown);
  return host;
}
function chips(host: HTMLElement): (string | null)[] {
  return [...host.querySelectorAll('pz-stub')].map(({ textContent }) => textContent);
}

describe('sigils in Markdown', () => {
  it.each([
    ['See [[pr:42]].', ['<pr|42|{}>']],
    ['**[[pr:42]]** and *[[commit:abc]]*', ['<pr|42|{}>', '<commit|abc|{}>']],
    ['# [[pr:1]]\n\n- [[pr:2]]\n\n> [[pr:3]]', ['<pr|1|{}>', '<pr|2|{}>', '<pr|3|{}>']],
    ['| a |\n|---|\n| [[pr:1 repo=x]] |', ['<pr|1|{"repo":"x"}>']],
    ['[[pr:1]][[pr:2]]', ['<pr|1|{}>', '<pr|2|{}>']],
    ['[[pr:a_b_c*d* note="**x** `y` <b>"]]', ['<pr|a_b_c*d*|{"note":"**x** `y` <b>"}>']],
  ])('finds them in %j', (text, expected) => {
    expect(chips(rendered(text))).toEqual(expected);
  });

  it.each([
    ['[[issue:42]] of a type that nobody declares', '[[issue:42]] of'],
    ['`[[pr:42]]`', '[[pr:42]]'],
    ['```\n[[pr:42]]\n```', '[[pr:42]]'],
    ['    [[pr:42]]', '[[pr:42]]'],
    ['[see [[pr:42]]](https://example.com)', 'see [[pr:42]]'],
    ['\\[[pr:42]]', '[[pr:42]]'],
    ['<div>[[pr:42]]</div>', '<div>[[pr:42]]</div>'],
    ['[[pr: 42]] [[pr]] [[:42]] [[pr:4 2]]', '[[pr: 42]] [[pr]] [[:42]] [[pr:4 2]]'],
  ])('leaves %j as text', (text, shown) => {
    expect(chips(rendered(text))).toEqual([]);
    expect(rendered(text).textContent).toContain(shown);
  });

  it.each([
    '[[pr:<script>alert(1)</script>]]',
    '[[pr:<img/src=x/onerror=alert(1)>]]',
    '[[pr:"onmouseover="alert(1)]]',
    "[[pr:'><svg/onload=alert(1)>]]",
    '[[pr:1 x="<img src=x onerror=alert(1)>"]]',
    '[[pr:</span><script>alert(1)</script>]]',
    '[[pr:&lt;img/src=x/onerror=alert(1)&gt;]]',
    '[[pr:javascript:alert(1)]]',
  ])('lets nothing run: %s', (text) => {
    const host = rendered(`Look: ${text}`);
    expect(host.querySelectorAll('pz-stub')).toHaveLength(1);
    expect([...host.querySelectorAll('*')].map(({ tagName }) => tagName)).toEqual(['DIV', 'P', 'PZ-STUB']);
    for (const element of host.querySelectorAll('*:not(.section)')) expect(element.attributes).toHaveLength(0);
    // What was written is what the chip was given: nothing was decoded on the way.
    const id = /\[\[pr:(\S+?)(?: .*)?\]\]/.exec(text)?.[1];
    expect(chips(host)[0]).toContain(`|${id}|`);
  });

  it('shows half a sigil as text until it is whole, and never as anything else', () => {
    const text = 'Done, see [[pr:42 url="https://example.com/*a*b" x=_y_]] for more.';
    const host = document.createElement('div');
    const growing = new IncrementalMarkdown(host, markdown);
    for (const [index, sign] of [...text].entries()) {
      growing.append(sign);
      const sofar = text.slice(0, index + 1);
      const isWhole = sofar.includes(']]');
      expect([sofar, host.querySelectorAll('a, em').length]).toEqual([sofar, 0]);
      expect([sofar, chips(host).length]).toEqual([sofar, isWhole ? 1 : 0]);
      if (!isWhole) expect(host.textContent.trim()).toBe(sofar.trim());
    }
    growing.finish();
    expect(host.querySelector('p')?.innerHTML).toBe(rendered(text).querySelector('p')?.innerHTML);
  });

  it('goes on with a text that only began like one', () => {
    expect(rendered('[[pr:42 and **so** on').querySelector('strong')?.textContent).toBe('so');
  });
});
