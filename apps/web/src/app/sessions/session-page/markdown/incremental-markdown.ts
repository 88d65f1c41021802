import { type Token } from 'marked';
import { ChunkedText } from './chunked-text';
import { codeFrame } from './code-block';
import { highlightSoon } from './highlight';
import { type Markdown, PLAIN_MARKDOWN } from './render-markdown';

const OPEN_FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^\n`]*\n/;

interface OpenFence {
  readonly closing: RegExp;
  readonly language: string;
  readonly code: HTMLElement;
  readonly text: ChunkedText;
  readonly partial: Text;
  /** The line that is not complete yet: it might become the closing fence. */
  line: string;
}

/** Blocks per section: what changes at the end is laid out and painted without looking at the sections before it. */
const BLOCKS_PER_SECTION = 24;

/**
 * Markdown that is still being written. Finished blocks are rendered once; only the last one is parsed again, and an
 * open code block is not parsed at all: its lines are appended as they come.
 */
export class IncrementalMarkdown {
  private tail = '';
  private length = 0;
  private fence: OpenFence | null = null;
  private hasDefinitions = false;
  private readonly last: HTMLElement;
  private section: HTMLElement | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly markdown: Markdown = PLAIN_MARKDOWN,
  ) {
    this.last = document.createElement('div');
    this.last.className = 'last';
    host.replaceChildren(this.last);
  }

  /** How many characters it holds. */
  get size(): number {
    return this.length;
  }

  /** Later definitions change earlier links: the settled text should then be rendered anew. */
  get needsFullRender(): boolean {
    return this.hasDefinitions;
  }

  append(text: string): void {
    this.length += text.length;
    // The parser counts in lines that end in a bare newline.
    let rest = text.replaceAll('\r', '');
    while (rest !== '') rest = this.fence === null ? this.appendProse(rest) : this.appendCode(this.fence, rest);
  }

  /** The text is whole: what was last becomes a block like the others. */
  finish(): void {
    if (this.fence !== null) this.closeFence(this.fence);
    else this.commit(this.markdown.tokens(this.tail).filter((token) => token.type !== 'space'));
    this.tail = '';
    this.last.replaceChildren();
  }

  private appendProse(text: string): string {
    this.tail += text;
    if (text.includes('\n')) this.commitFinished();
    const last = this.markdown.tokens(this.tail).filter((token) => token.type !== 'space');
    const fence = last.length === 1 && last[0]?.type === 'code' ? OPEN_FENCE.exec(this.tail) : null;
    if (fence !== null) return this.openFence(fence);
    this.last.replaceChildren(decorate(this.markdown.render(last)));
    return '';
  }

  /** Blocks before the last one are finished. Only whole lines count: half a line may yet become anything. */
  private commitFinished(): void {
    const tokens = this.markdown.tokens(this.tail.slice(0, this.tail.lastIndexOf('\n') + 1));
    const lastIndex = tokens.findLastIndex((token) => token.type !== 'space');
    if (lastIndex <= 0) return;
    const finished = tokens.slice(0, lastIndex);
    this.commit(finished);
    this.tail = this.tail.slice(finished.reduce((length, token) => length + token.raw.length, 0));
  }

  /** Turns to appending lines; the answer is what of the tail belongs to the code. */
  private openFence(match: RegExpExecArray): string {
    const [opening, marker = '```', language = ''] = match;
    const { frame, code } = codeFrame(language);
    const lines = document.createElement('span');
    const partial = document.createTextNode('');
    code.append(lines, partial);
    this.last.replaceChildren(frame);
    const sign = marker.startsWith('~') ? '~' : '`';
    const closing = new RegExp(`^ {0,3}${sign}{${marker.length},}[ \\t]*$`);
    this.fence = { closing, language, code, text: new ChunkedText(lines), partial, line: '' };
    const rest = this.tail.slice(opening.length);
    this.tail = '';
    return rest;
  }

  private appendCode(fence: OpenFence, text: string): string {
    let start = 0;
    let whole = '';
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      const line = fence.line + text.slice(start, end);
      fence.line = '';
      start = end + 1;
      if (fence.closing.test(line)) {
        fence.text.append(whole);
        this.closeFence(fence);
        return text.slice(start);
      }
      whole += `${line}\n`;
    }
    fence.text.append(whole);
    fence.line += text.slice(start);
    fence.partial.data = fence.line;
    return '';
  }

  private closeFence(fence: OpenFence): void {
    const isClosing = fence.closing.test(fence.line);
    fence.partial.data = isClosing ? '' : fence.line;
    fence.code.replaceChildren(fence.code.textContent.replace(/\n$/, ''));
    this.add(fragmentOf(this.last));
    this.fence = null;
    highlightSoon(fence.code, fence.language);
  }

  private commit(tokens: Token[]): void {
    if (tokens.length === 0) return;
    if (tokens.some((token) => token.type === 'def')) this.hasDefinitions = true;
    this.add(decorate(this.markdown.render(tokens)));
  }

  private add(blocks: DocumentFragment): void {
    if (this.section === null || this.section.childElementCount >= BLOCKS_PER_SECTION) {
      this.section = aSection();
      this.host.insertBefore(this.section, this.last);
    }
    this.section.append(blocks);
  }
}

/** Renders a text that is whole. */
export function renderWhole(host: HTMLElement, text: string, markdown = PLAIN_MARKDOWN): void {
  const blocks = [...decorate(markdown.render(markdown.tokens(text))).children];
  const sections: HTMLElement[] = [];
  for (let start = 0; start < blocks.length; start += BLOCKS_PER_SECTION) {
    const section = aSection();
    section.append(...blocks.slice(start, start + BLOCKS_PER_SECTION));
    sections.push(section);
  }
  host.replaceChildren(...sections);
}

function aSection(): HTMLElement {
  const section = document.createElement('div');
  section.className = 'section';
  return section;
}

/** Gives code blocks their frame. */
function decorate(fragment: DocumentFragment): DocumentFragment {
  for (const pre of fragment.querySelectorAll('pre')) {
    const source = pre.querySelector('code');
    const language = /language-(\S+)/.exec(source?.className ?? '')?.[1] ?? '';
    const { frame, code } = codeFrame(language);
    code.textContent = (source ?? pre).textContent.replace(/\n$/, '');
    pre.replaceWith(frame);
    queueMicrotask(() => highlightSoon(code, language));
  }
  return fragment;
}

function fragmentOf(element: HTMLElement): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(...element.childNodes);
  return fragment;
}
