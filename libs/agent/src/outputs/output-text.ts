/** Stands between the texts of a result, as people are shown them. */
export const SEPARATOR = '\n';

/** The texts of a tool's result, which extensions and files make too. */
export function outputTexts(result: unknown): string[] {
  if (typeof result !== 'object' || result === null || !('content' in result)) return [];
  return Array.isArray(result.content) ? result.content.flatMap(textOf) : [];
}

/** How many bytes its texts have as UTF-8, with what stands between them. */
export function outputBytes(result: unknown): number {
  const texts = outputTexts(result);
  const ofTexts = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return ofTexts + Math.max(0, texts.length - 1) * SEPARATOR.length;
}

/**
 * At most so many characters (UTF-16 code units, of which a piece never divides a pair) of the texts and what stands between them.
 * Nothing is put together that is longer: a text may have hundreds of megabytes.
 */
export function sliceOutput(texts: readonly string[], from: number, length: number): { text: string; isEnd: boolean } {
  const parts = texts.flatMap((text, index) => (index === 0 ? [text] : [SEPARATOR, text]));
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  let text = '';
  let start = 0;
  for (const part of parts) {
    const begin = from + text.length - start;
    if (begin < part.length) text += part.slice(begin, begin + length - text.length);
    start += part.length;
  }
  if (endsInPair(text) && from + text.length < total) text = text.slice(0, -1);
  return { text, isEnd: from + text.length >= total };
}

/** Whether the text's last unit is the first half of a character. */
function endsInPair(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

function textOf(block: unknown): string[] {
  if (typeof block !== 'object' || block === null || !('type' in block) || block.type !== 'text') return [];
  return 'text' in block && typeof block.text === 'string' ? [block.text] : [];
}
