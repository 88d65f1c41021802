import { randomBytes } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** Number of characters of 5 bits each for 128 bits. */
const LENGTH = 26;
const SHAPE = new RegExp(`^[a-z2-7]{${LENGTH}}$`);

/** Creates the label of a tunnel's host name: 128 random bits in letters and digits. */
export function newTunnelLabel(): string {
  let bits = BigInt(`0x${randomBytes(16).toString('hex')}`);
  let label = '';
  for (let n = 0; n < LENGTH; n++) {
    label += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
  }
  return label;
}

/** Whether a text has the form of a label; anything else need not be looked up. */
export function isTunnelLabel(text: string): boolean {
  return SHAPE.test(text);
}
