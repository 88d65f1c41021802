/** How much of a file {@link imageType} looks at. */
export const SNIFFED_BYTES = 16;

/** The type of an image that models take, by its first bytes; null for any other file. */
export function imageType(start: Buffer): string | null {
  const text = start.toString('latin1');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'image/gif';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'image/webp';
  return null;
}
