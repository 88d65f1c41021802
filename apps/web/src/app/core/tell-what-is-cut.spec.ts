import { beforeEach, describe, expect, it } from 'vitest';
import { tellWhatIsCut } from './tell-what-is-cut';

describe('tellWhatIsCut', () => {
  let page: HTMLElement;
  const line = (selector: string): HTMLElement => page.querySelector<HTMLElement>(selector) ?? page;

  beforeEach(() => {
    page = document.createElement('div');
    page.innerHTML = `
      <p class="ell plain">A name that <b>goes</b>
        on and on</p>
      <a title="Its own words"><span class="ell inside">A name that goes on</span></a>
      <p class="ell around">A runner, <i title="/home/ada/code">~/code</i></p>`;
    document.body.replaceChildren(page);
    tellWhatIsCut(page);
  });

  function needs(selector: string, width: number): void {
    Object.defineProperties(line(selector), {
      scrollWidth: { value: width, configurable: true },
      clientWidth: { value: 100, configurable: true },
    });
  }
  const hover = (selector: string): unknown =>
    line(selector).dispatchEvent(new MouseEvent('pointerover', { bubbles: true }));

  it('says on hover what a line does not show, as long as it does not', () => {
    needs('.plain', 140);
    hover('.plain b');
    expect(line('.plain').title).toBe('A name that goes on and on');
    needs('.plain', 100);
    hover('.plain b');
    expect(line('.plain').hasAttribute('title')).toBe(false);
  });

  it('leaves lines alone that have words of their own to say', () => {
    needs('.inside', 140);
    hover('.inside');
    expect(line('.inside').hasAttribute('title')).toBe(false);
    needs('.around', 140);
    hover('.around i');
    expect(line('.around').hasAttribute('title')).toBe(false);
    hover('.around');
    expect(line('.around').title).toBe('A runner, ~/code');
  });
});
