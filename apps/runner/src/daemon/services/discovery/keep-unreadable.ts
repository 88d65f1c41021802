import { sep } from 'node:path';
import { isBroken, isDeclared, type DiscoveredService } from './discovered-service.js';
import type { ServicesSource } from './services-sources.js';

/** Keeps the services that were found before in folders that still exist but cannot be read just now; their ids stay theirs. */
export function keepUnreadable(
  found: readonly DiscoveredService[],
  before: readonly DiscoveredService[],
  sources: readonly ServicesSource[],
): DiscoveredService[] {
  const dirs = sources.flatMap(({ dir, unreadable }) => (unreadable === undefined ? [] : [dir + sep]));
  const kept = before.filter(isDeclared).filter(({ path }) => dirs.some((dir) => path.startsWith(dir)));
  const ids = new Set(kept.map(({ manifest }) => manifest.id));
  return [...kept, ...found.filter((service) => isBroken(service) || !ids.has(service.manifest.id))];
}
