import DOMPurify, { type Config } from 'dompurify';
import { Marked, type RendererObject, type Token } from 'marked';
import { type Sigil, sigilAt } from '../sigils/sigil';
import { escapeHtml } from './escape-html';
import { SIGIL_CLASS, sigilExtension } from './sigil-extension';

/** Which types of sigils there are, and the elements that show them. */
export interface SigilKinds {
  has(type: string): boolean;
  chip(sigil: Sigil): HTMLElement | null;
}

const RENDERER: RendererObject = {
  html: ({ text, block }) => (block ? `<p class="raw">${escapeHtml(text.trim())}</p>` : escapeHtml(text)),
  // A picture from elsewhere would tell its server who reads this, and whatever its address carries: a link instead.
  image: ({ href, text }) =>
    isInlineImage(href)
      ? `<img src="${escapeHtml(href)}" alt="${escapeHtml(text)}">`
      : `<a href="${escapeHtml(href)}">${escapeHtml(text || href)}</a>`,
};

const ALLOWED: Config = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'code', 'em'],
    ...['strong', 'del', 'a', 'img', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'input', 'span'],
  ],
  ALLOWED_ATTR: ['href', 'title', 'src', 'alt', 'class', 'start', 'align', 'type', 'checked', 'disabled'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#|\/(?!\/)|data:image\/(?:png|jpe?g|gif|webp|avif);base64,)/i,
  // These hold no address; without this the rule for addresses would apply to them.
  ADD_URI_SAFE_ATTR: ['type', 'start', 'align', 'checked', 'disabled'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/**
 * Markdown of an agent is foreign text. It becomes HTML in three steps, each enough by itself against script: raw HTML is
 * shown as text; DOMPurify keeps only the elements that Markdown makes; links are rewritten on the way out. Sigils of known types
 * come out of that as their own text, and only then become chips.
 */
export class Markdown {
  private readonly parser: Marked;

  constructor(private readonly sigils: SigilKinds | null) {
    this.parser = new Marked({ gfm: true, renderer: RENDERER });
    if (sigils !== null) this.parser.use({ extensions: [sigilExtension((type) => sigils.has(type))] });
  }

  /** The block tokens of a text; `raw` of all of them together is the text again. */
  tokens(text: string): Token[] {
    return this.parser.lexer(text);
  }

  render(tokens: Token[]): DocumentFragment {
    const fragment = sanitize(this.parser.parser(tokens));
    for (const place of fragment.querySelectorAll(`span.${SIGIL_CLASS}`)) this.fill(place);
    return fragment;
  }

  private fill(place: Element): void {
    const sigil = sigilAt(place.textContent);
    place.replaceWith((sigil && this.sigils?.chip(sigil)) ?? place.textContent);
  }
}

/** For texts without sigils. */
export const PLAIN_MARKDOWN = new Markdown(null);

/** HTML that a highlighter made of code: spans with classes, nothing else. */
export function sanitizeHighlighted(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, { ALLOWED_TAGS: ['span'], ALLOWED_ATTR: ['class'], RETURN_DOM_FRAGMENT: true });
}

function sanitize(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, { ...ALLOWED, RETURN_DOM_FRAGMENT: true });
  for (const link of fragment.querySelectorAll('a')) hardenLink(link);
  for (const box of fragment.querySelectorAll('input')) {
    // Task lists show boxes; nothing else that takes input may come out of a text.
    if (box.type === 'checkbox') box.disabled = true;
    else box.remove();
  }
  for (const table of fragment.querySelectorAll('table')) wrap(table, 'table-scroll');
  return fragment;
}

function hardenLink(link: HTMLAnchorElement): void {
  const href = link.getAttribute('href');
  if (href === null) return;
  // An in-page anchor would lead to the console's own address.
  if (href.startsWith('#')) {
    link.removeAttribute('href');
    return;
  }
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
}

function wrap(element: Element, className: string): void {
  const frame = document.createElement('div');
  frame.className = className;
  element.replaceWith(frame);
  frame.append(element);
}

function isInlineImage(href: string): boolean {
  return /^data:image\/(?:png|jpe?g|gif|webp|avif);base64,/i.test(href);
}
