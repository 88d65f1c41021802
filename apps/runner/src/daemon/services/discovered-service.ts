import type { ServiceManifest } from './service-manifest.js';

/** A service whose folder was read. */
export interface DeclaredService {
  /** The folder's name below the services' folder. */
  folder: string;
  manifest: ServiceManifest;
  /** What was left out of it, and why; null when all of it counts. */
  note: string | null;
}

/** A folder that is no usable service. */
export interface BrokenService {
  folder: string;
  id: string;
  label: string;
  icon: string;
  error: string;
}

export type DiscoveredService = DeclaredService | BrokenService;

export function isBroken(service: DiscoveredService): service is BrokenService {
  return 'error' in service;
}
