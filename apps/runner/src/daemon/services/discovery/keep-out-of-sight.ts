import { sep } from 'node:path';
import { isBroken, isDeclared, type DiscoveredService } from './discovered-service.js';
import type { ServicesSource } from './services-sources.js';

/** What was found before in folders that are there, but cannot be looked into just now, goes on, and keeps its id. */
export function keepOutOfSight(
  found: readonly DiscoveredService[],
  before: readonly DiscoveredService[],
  sources: readonly ServicesSource[],
): DiscoveredService[] {
  const dirs = sources.flatMap(({ dir, unreadable }) => (unreadable === undefined ? [] : [dir + sep]));
  const kept = before.filter(isDeclared).filter(({ path }) => dirs.some((dir) => path.startsWith(dir)));
  const ids = new Set(kept.map(({ manifest }) => manifest.id));
  return [...kept, ...found.filter((service) => isBroken(service) || !ids.has(service.manifest.id))];
}
