import { MAX_CHILD_TEXT } from '@pizzapi/protocol';

/** What a child says, no longer than a parent is told it. */
export function cut(text: string): string {
  if (text.length <= MAX_CHILD_TEXT) return text;
  return `${text.slice(0, MAX_CHILD_TEXT)}\n… (${text.length - MAX_CHILD_TEXT} more characters are in its transcript)`;
}
