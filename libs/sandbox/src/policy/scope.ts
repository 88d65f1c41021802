import { sep } from 'node:path';

/** Whether `path` is `root` or below it. Both absolute and normalised. */
export function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Whether every host that `inner` stands for is one that `outer` stands for. `*.a.org` stands for hosts below `a.org`, not for it. */
export function coversDomain(outer: string, inner: string): boolean {
  return outer === inner || (outer.startsWith('*.') && inner.endsWith(outer.slice(1)));
}

/** What both lists stand for: of any two entries that overlap, the narrower one. */
export function overlap(
  first: readonly string[],
  second: readonly string[],
  covers: (outer: string, inner: string) => boolean,
): string[] {
  const narrower = [
    ...first.filter((entry) => second.some((other) => covers(other, entry))),
    ...second.filter((entry) => first.some((other) => covers(other, entry))),
  ];
  return [...new Set(narrower)];
}

/** {@link isWithin} in the order of {@link coversDomain}. */
export const coversPath = (outer: string, inner: string): boolean => isWithin(inner, outer);
