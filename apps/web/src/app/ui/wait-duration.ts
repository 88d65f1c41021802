const UNIT_MS = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNIT_MS;

const NAMES: Record<Unit, [one: string, many: string]> = {
  s: ['second', 'seconds'],
  min: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
};
/** What people may call the units. */
const UNITS: readonly [RegExp, Unit][] = [
  [/^(s|sec|secs|seconds?)$/, 's'],
  [/^(m|min|mins|minutes?)$/, 'min'],
  [/^(h|hrs?|hours?)$/, 'h'],
  [/^(d|days?)$/, 'd'],
];
const PART = /(\d+(?:\.\d+)?)\s*([a-z]+)/gy;

export const MIN_WAIT_MS = 1_000;
export const MAX_WAIT_MS = 30 * UNIT_MS.d;

/** “24 hours”, “1 day 12 hours”: how long a session may wait for its runner. */
export function waitWords(ms: number): string {
  const parts: string[] = [];
  let rest = Math.round(ms / 1_000) * 1_000;
  for (const unit of ['d', 'h', 'min', 's'] as const) {
    // One day reads “24 hours”, as people say it; from two on it is days.
    const isSaid = unit !== 'd' || rest >= 2 * UNIT_MS.d;
    const count = isSaid ? Math.floor(rest / UNIT_MS[unit]) : 0;
    if (count > 0) parts.push(`${count} ${NAMES[unit][count === 1 ? 0 : 1]}`);
    rest -= count * UNIT_MS[unit];
  }
  return parts.join(' ') || '0 seconds';
}

/** Reads “24h”, “90 min”, “1 day 12 hours”; null when it is no duration, or one beyond the limits. */
export function parseWait(text: string): number | null {
  const words = text
    .trim()
    .toLowerCase()
    .replaceAll(/[,\s]+/g, ' ')
    .replaceAll(' and ', ' ');
  const parts = [...words.replaceAll(/(?<=[a-z]) /g, '').matchAll(PART)];
  const isWhole = parts.map(([part]) => part).join('') === words.replaceAll(/(?<=[a-z]) /g, '');
  if (parts.length === 0 || !isWhole) return null;
  let ms = 0;
  for (const [, count = '', name = ''] of parts) {
    const unit = UNITS.find(([pattern]) => pattern.test(name))?.[1];
    if (unit === undefined) return null;
    ms += Number(count) * UNIT_MS[unit];
  }
  ms = Math.round(ms);
  return ms >= MIN_WAIT_MS && ms <= MAX_WAIT_MS ? ms : null;
}
