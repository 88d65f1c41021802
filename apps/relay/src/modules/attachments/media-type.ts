/** The type of a file. Images are recognised by their first bytes; for anything else the declared type is used. */
export interface MediaType {
  mediaType: string;
  isImage: boolean;
}

/** The number of leading bytes that {@link mediaTypeOf} examines. */
export const HEAD_BYTES = 16;

const SIGNATURES: readonly (readonly [mediaType: string, signature: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
];
const DECLARED = /^[a-z0-9!#$&^_.+-]{1,80}\/[a-z0-9!#$&^_.+-]{1,100}$/;
const UNKNOWN = 'application/octet-stream';

/** Only these four formats count as images: browsers display them without executing anything, and models accept them. */
export function mediaTypeOf(head: Buffer, declared: string): MediaType {
  const text = head.toString('latin1', 0, HEAD_BYTES);
  const found = SIGNATURES.find(([, signature]) => signature.test(text));
  if (found) return { mediaType: found[0], isImage: true };
  const plain = declared.split(';')[0]?.trim().toLowerCase() ?? '';
  const isHonest = DECLARED.test(plain) && !SIGNATURES.some(([mediaType]) => mediaType === plain);
  return { mediaType: isHonest ? plain : UNKNOWN, isImage: false };
}
