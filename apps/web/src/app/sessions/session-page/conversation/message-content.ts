import { isRecord } from '../../../core/shape';

/**
 * Reads pi's own messages, which travel as `unknown`. Everything is checked where it is taken out; what is not
 * understood is left out rather than guessed.
 */
export interface ImageSource {
  readonly mimeType: string;
  /** Base64. */
  readonly data: string;
}

export type AssistantBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string; readonly isRedacted: boolean }
  | { readonly kind: 'toolCall'; readonly toolCallId: string; readonly toolName: string; readonly args: unknown };

/** Formats that a browser shows without running anything; SVG is not among them. */
const IMAGE_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

/** The field of an object as text, or the empty text. */
export function textField(value: unknown, field: string): string {
  const found = isRecord(value) ? value[field] : undefined;
  return typeof found === 'string' ? found : '';
}

export function numberField(value: unknown, field: string): number | null {
  const found = isRecord(value) ? value[field] : undefined;
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

function blocksOf(message: unknown): unknown[] {
  const content = isRecord(message) ? message['content'] : undefined;
  return Array.isArray(content) ? content : [];
}

/** The text of a user message, a tool result or a custom message: a string, or the text blocks of its content. */
export function plainText(message: unknown): string {
  if (typeof message === 'string') return message;
  const direct = textField(message, 'content') || textField(message, 'text');
  if (direct !== '') return direct;
  return blocksOf(message)
    .filter((block) => textField(block, 'type') === 'text')
    .map((block) => textField(block, 'text'))
    .join('\n');
}

export function images(message: unknown): ImageSource[] {
  return blocksOf(message)
    .filter((block) => textField(block, 'type') === 'image' && IMAGE_TYPES.has(textField(block, 'mimeType')))
    .map((block) => ({ mimeType: textField(block, 'mimeType'), data: textField(block, 'data') }));
}

export function assistantBlocks(message: unknown): AssistantBlock[] {
  const plain = textField(message, 'content');
  if (plain !== '') return [{ kind: 'text', text: plain }];
  return blocksOf(message).map(toBlock);
}

/** Unknown blocks become empty text so that the others keep their index, by which a live message knows them. */
function toBlock(block: unknown): AssistantBlock {
  switch (textField(block, 'type')) {
    case 'thinking':
      return {
        kind: 'thinking',
        text: textField(block, 'thinking'),
        isRedacted: isRecord(block) && block['redacted'] === true,
      };
    case 'toolCall':
      return {
        kind: 'toolCall',
        toolCallId: textField(block, 'id'),
        toolName: textField(block, 'name'),
        args: isRecord(block) ? block['arguments'] : undefined,
      };
    default:
      return { kind: 'text', text: textField(block, 'text') };
  }
}

/** A rough size of a message in the heap, in bytes: its texts, at two bytes a character when not plain ASCII. */
export function approximateBytes(value: unknown): number {
  if (typeof value === 'string') return value.length * 2;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + approximateBytes(item), 16);
  if (isRecord(value)) return Object.values(value).reduce<number>((sum, item) => sum + approximateBytes(item), 32);
  return 8;
}
