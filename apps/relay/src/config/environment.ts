import { isIP, isIPv4 } from 'node:net';
import { resolve } from 'node:path';
import { InvalidConfigError } from './invalid-config.error.js';

// One reader for each kind of variable. An empty one counts as unset; what cannot be read is named in a sentence.

export type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined when it is unset, empty or blank. */
export function text(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** An absolute path; a relative one counts from the folder that the process was started in. Null when it is unset. */
export function folder(env: Environment, name: string): string | null {
  const given = text(env, name);
  if (given === undefined) return null;
  if (/^~(\/|$)/.test(given))
    throw new InvalidConfigError(
      name,
      `is "${given}", and only a shell reads "~" as your home directory; write that out`,
    );
  return resolve(given);
}

export function integer(
  env: Environment,
  name: string,
  fallback: number,
  { min, max }: { min: number; max: number },
): number {
  const given = text(env, name);
  if (given === undefined) return fallback;
  const value = Number(given);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InvalidConfigError(name, `"${given}" is not a whole number from ${min} to ${max}`);
  }
  return value;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function duration(
  env: Environment,
  name: string,
  fallback: string,
  { minMs, maxMs }: { minMs: number; maxMs: number },
): number {
  const given = text(env, name) ?? fallback;
  const [, count = '', unit = ''] = /^(\d+)(ms|[smhd])$/.exec(given) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? NaN);
  if (!(ms >= minMs && ms <= maxMs)) {
    throw new InvalidConfigError(
      name,
      `"${given}" is not a duration like 30s, 90m, 24h or 7d, from ${minMs} to ${maxMs} ms`,
    );
  }
  return ms;
}

export function choice<const T extends string>(env: Environment, name: string, allowed: readonly [T, ...T[]]): T {
  const given = text(env, name);
  if (given === undefined) return allowed[0];
  const found = allowed.find((value) => value === given);
  if (found === undefined) throw new InvalidConfigError(name, `"${given}" is not one of ${allowed.join(', ')}`);
  return found;
}

export function url(env: Environment, name: string, protocols: readonly string[]): string | null {
  const given = text(env, name);
  if (given === undefined) return null;
  // The value may hold a password, so it is never repeated in the message.
  if (!URL.canParse(given) || !protocols.includes(new URL(given).protocol)) {
    throw new InvalidConfigError(name, `is not a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`);
  }
  return given.replace(/\/$/, '');
}

export function list(env: Environment, name: string): string[] {
  return (text(env, name) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Names that Express knows for ranges. */
const NAMED_RANGES = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Addresses and ranges of proxies. */
export function proxies(env: Environment, name: string): string[] {
  const named = list(env, name);
  const wrong = named.find((text) => !NAMED_RANGES.has(text) && !isRange(text));
  if (wrong !== undefined)
    throw new InvalidConfigError(
      name,
      `"${wrong}" is no address and no range; write them like 10.0.0.1,10.1.0.0/16,fd00::/8`,
    );
  return named;
}

function isRange(text: string): boolean {
  const [address = '', size, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (size === undefined) return true;
  if (!/^\d+$/.test(size)) return version === 4 && isMask(size);
  return Number(size) > 0 && Number(size) <= (version === 4 ? 32 : 128);
}

/** As in 10.0.0.0/255.0.0.0: ones, then zeros. */
function isMask(text: string): boolean {
  const bits = text.split('.').map((byte) => Number(byte).toString(2).padStart(8, '0'));
  return isIPv4(text) && /^1+0*$/.test(bits.join(''));
}
