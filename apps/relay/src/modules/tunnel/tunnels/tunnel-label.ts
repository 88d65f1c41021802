import { randomBytes } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** Characters of 5 bits each that hold 128. */
const LENGTH = 26;
const SHAPE = new RegExp(`^[a-z2-7]{${LENGTH}}$`);

/** A new host name for a tunnel: 128 random bits, in letters and digits that a host name may have. */
export function newTunnelLabel(): string {
  let bits = BigInt(`0x${randomBytes(16).toString('hex')}`);
  let label = '';
  for (let n = 0; n < LENGTH; n++) {
    label += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
  }
  return label;
}

/** Whether it could be one of ours; saves looking up what cannot be. */
export function isTunnelLabel(text: string): boolean {
  return SHAPE.test(text);
}
