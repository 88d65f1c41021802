import { outputBytes, SEPARATOR } from './output-text.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Shown where a tool's output was cut. */
export function cutMarker(maxBytes: number): string {
  return `\n[… output cut here: more than ${sizeWords(maxBytes)} …]\n`;
}

/** Cuts a text to so many bytes of UTF-8, at a whole character. Shorter text stays as it is. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  // Decoding a cut character yields U+FFFD, which is dropped.
  return Buffer.from(text)
    .toString('utf8', 0, Math.max(0, maxBytes))
    .replace(/\uFFFD$/, '');
}

interface Block {
  type: string;
  text?: string;
}

/**
 * A result's content whose texts, with what stands between them, have at most so many bytes, and a mark where they end. What is no text stays.
 * @returns with `outputBytes`, which all of the text has, where it was cut
 */
export function cutOutput<B extends Block>(content: B[], maxBytes: number): { content: B[]; outputBytes?: number } {
  const bytes = outputBytes({ content });
  if (bytes <= maxBytes) return { content };
  let room = maxBytes;
  let isCut = false;
  const kept = content.flatMap((block): B[] => {
    if (block.type !== 'text' || block.text === undefined) return [block];
    if (isCut) return [];
    const size = Buffer.byteLength(block.text);
    isCut = size > room;
    const text = isCut ? cutToBytes(block.text, room) + cutMarker(maxBytes) : block.text;
    room -= size + SEPARATOR.length;
    return [{ ...block, text }];
  });
  return { content: kept, outputBytes: bytes };
}

function sizeWords(bytes: number): string {
  if (bytes % MIB === 0) return `${bytes / MIB} MiB`;
  return bytes % KIB === 0 ? `${bytes / KIB} KiB` : `${bytes} bytes`;
}
