import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface StartSecret {
  /** Goes to the worker alone. */
  secret: string;
  /** SHA-256 in hex: what the state file keeps. */
  secretHash: string;
}

/** A secret for one start of one worker. */
export function createStartSecret(): StartSecret {
  const secret = randomBytes(32).toString('base64url');
  return { secret, secretHash: hash(secret).toString('hex') };
}

export function isStartSecret(secret: string, secretHash: string): boolean {
  const expected = Buffer.from(secretHash, 'hex');
  const given = hash(secret);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
