import { hash } from 'node:crypto';

/**
 * A UUIDv7 that is always the same for the same two: with the time of `uuid`, and a digest of `text` as its random bits. For what may be made
 * again and must then be the same.
 */
export function derivedUuid(uuid: string, text: string): string {
  const time = uuid.replaceAll('-', '').slice(0, 12);
  const digest = hash('sha256', text);
  const variant = ((parseInt(digest.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}
