import type { ServiceManifest } from './service-manifest.js';

/** A service whose folder was read. */
export interface DeclaredService {
  /** What messages call its folder. */
  folder: string;
  /** Absolute, as are the next two. */
  path: string;
  /** Its module; null: there is none, and it only declares. */
  entry: string | null;
  panelDir: string | null;
  plugin: string | null;
  manifest: ServiceManifest;
  /** Names the state of its files: another one means that its process is out of date. */
  files: string;
  /** What in it is ignored, and why; null when nothing is. */
  note: string | null;
}

/** A folder that is no usable service. */
export interface BrokenService {
  folder: string;
  plugin: string | null;
  id: string;
  label: string;
  icon: string;
  error: string;
}

export type DiscoveredService = DeclaredService | BrokenService;

export function isBroken(service: DiscoveredService): service is BrokenService {
  return 'error' in service;
}

export function isDeclared(service: DiscoveredService): service is DeclaredService {
  return !isBroken(service);
}
