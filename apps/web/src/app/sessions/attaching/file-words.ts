import type { Attachment } from '@pizzapi/protocol';

const UNITS = ['B', 'KB', 'MB', 'GB'];

/** A file's size in a few characters: "940 B", "1.2 MB". */
export function sizeText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power] ?? ''}`;
}

/** Several files in a line: their names, or how many there are. Nothing for none. */
export function filesText(attachments: readonly Attachment[]): string {
  const [first] = attachments;
  if (first === undefined) return '';
  return attachments.length === 1 ? `[${first.name}]` : `[${attachments.length} files]`;
}
