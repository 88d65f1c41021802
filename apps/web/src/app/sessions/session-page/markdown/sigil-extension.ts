import type { TokenizerAndRendererExtension } from 'marked';
import { halfSigilType, sigilAt } from '../sigils/sigil';
import { escapeHtml } from './escape-html';

/** The class of the element that holds a sigil's text until its chip replaces it. */
export const SIGIL_CLASS = 'sigil';

/**
 * Sigils of known types in a line of text, but not in code or in a link's text. An incomplete one stays as written: its beginning
 * must not look like a link or emphasis until the rest has come.
 */
export function sigilExtension(isKnown: (type: string) => boolean): TokenizerAndRendererExtension {
  return {
    name: SIGIL_CLASS,
    level: 'inline',
    start: (text) => {
      const index = text.indexOf('[[');
      return index === -1 ? undefined : index;
    },
    tokenizer(text) {
      if (!text.startsWith('[[') || this.lexer.state.inLink) return undefined;
      const sigil = sigilAt(text);
      if (sigil !== null) return isKnown(sigil.type) ? { type: SIGIL_CLASS, raw: sigil.raw } : undefined;
      const half = halfSigilType(text);
      return half !== null && isKnown(half) ? { type: 'text', raw: text, text, escaped: false } : undefined;
    },
    renderer: ({ raw }) => `<span class="${SIGIL_CLASS}">${escapeHtml(raw)}</span>`,
  };
}
