import type { ImageSource } from '../conversation/message-content';

/** As an address for `img`; the formats were checked when the entry was read. */
export function imageUrl({ mimeType, data }: ImageSource): string {
  return `data:${mimeType};base64,${data}`;
}
