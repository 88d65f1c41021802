const MAX_SHOWN = 5;

/** The types that may have been meant, the likeliest first: those that differ by a few letters, or belong to the same service. */
export function nearTypes(type: string, known: readonly string[]): string[] {
  const limit = Math.max(2, Math.floor(type.length / 4));
  const prefix = type.slice(0, type.indexOf(':') + 1);
  return known
    .map((name) => ({ name, distance: distance(type.toLowerCase(), name.toLowerCase(), limit) }))
    .filter(({ name, distance }) => distance <= limit || (prefix !== '' && name.startsWith(prefix)))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, MAX_SHOWN)
    .map(({ name }) => name);
}

/** The Levenshtein distance, or more than `limit` without counting when the lengths differ by more than that. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
