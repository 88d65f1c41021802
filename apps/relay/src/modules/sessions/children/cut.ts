import { MAX_CHILD_TEXT } from '@pizzapi/protocol';

/** Cuts a child's text to the length that its parent is told. */
export function cut(text: string): string {
  if (text.length <= MAX_CHILD_TEXT) return text;
  return `${text.slice(0, MAX_CHILD_TEXT)}\n… (${text.length - MAX_CHILD_TEXT} more characters are in its transcript)`;
}
