import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = 'pza_';
const SHAPE = /^pza_[\w-]{43,128}$/;
const SHOWN_LENGTH = 12;

/** Creates a key of 256 random bits, which makes an unsalted hash safe to store. */
export function newApiKey(): { key: string; hash: string; prefix: string } {
  const key = PREFIX + randomBytes(32).toString('base64url');
  return { key, hash: hashOf(key), prefix: key.slice(0, SHOWN_LENGTH) };
}

/** The hash by which a key is looked up; null if the text cannot be a key. */
export function hashOfApiKey(key: string): string | null {
  return SHAPE.test(key) ? hashOf(key) : null;
}

/** Compares two hashes in constant time. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function hashOf(key: string): string {
  return hash('sha256', key);
}
