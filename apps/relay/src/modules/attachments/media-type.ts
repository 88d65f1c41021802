/** What a file is: an image as its first bytes say, whatever it was declared as; anything else as it was declared. */
export interface MediaType {
  mediaType: string;
  isImage: boolean;
}

/** How many of a file's first bytes {@link mediaTypeOf} looks at. */
export const HEAD_BYTES = 16;

const SIGNATURES: readonly (readonly [mediaType: string, signature: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
];
const DECLARED = /^[a-z0-9!#$&^_.+-]{1,80}\/[a-z0-9!#$&^_.+-]{1,100}$/;
const UNKNOWN = 'application/octet-stream';

/** Only these four count as images: browsers show them without running anything, and models take them. */
export function mediaTypeOf(head: Buffer, declared: string): MediaType {
  const text = head.toString('latin1', 0, HEAD_BYTES);
  const found = SIGNATURES.find(([, signature]) => signature.test(text));
  if (found) return { mediaType: found[0], isImage: true };
  const plain = declared.split(';')[0]?.trim().toLowerCase() ?? '';
  const isHonest = DECLARED.test(plain) && !SIGNATURES.some(([mediaType]) => mediaType === plain);
  return { mediaType: isHonest ? plain : UNKNOWN, isImage: false };
}
