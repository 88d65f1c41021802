/** Leaves room for an ending of ours in what file systems take (255 bytes). */
const MAX_BYTES = 200;

/** A name for a file of this machine, from one that somebody else chose: never a path, and long names lose their middle. */
export function fileNameOf(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}/\\]/gu, '_');
  if (/^\.*$/.test(plain)) return 'file';
  if (Buffer.byteLength(plain) <= MAX_BYTES) return plain;
  const letters = [...plain];
  const kept = (): string => letters.join('');
  while (Buffer.byteLength(kept()) > MAX_BYTES) letters.splice(Math.floor(letters.length / 2), 1);
  return kept();
}
