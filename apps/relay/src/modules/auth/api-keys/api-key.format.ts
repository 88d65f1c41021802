import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = 'pza_';
const SHAPE = /^pza_[\w-]{43,128}$/;
const SHOWN_LENGTH = 12;

/** A new key: 256 random bits, so that a plain hash of it cannot be turned back. */
export function newApiKey(): { key: string; hash: string; prefix: string } {
  const key = PREFIX + randomBytes(32).toString('base64url');
  return { key, hash: hashOf(key), prefix: key.slice(0, SHOWN_LENGTH) };
}

/** What to look a key up by; null when it cannot be one. */
export function hashOfApiKey(key: string): string | null {
  return SHAPE.test(key) ? hashOf(key) : null;
}

/** Compares two hashes without telling by its time how much of them agrees. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function hashOf(key: string): string {
  return hash('sha256', key);
}
