import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissingFile } from '../../files/file-error.js';
import { isBroken, type DiscoveredService } from './discovered-service.js';
import { ManifestError } from './manifest-error.js';
import { readJsonOf } from './read-json-file.js';
import { parseManifest } from './service-manifest.js';
import { settleSigils } from './settle-sigils.js';

/** As many as one announcement holds. */
const MAX_SERVICES = 500;

/** The folders that may be services, in alphabetical order. Links to folders count; hidden ones do not. */
export async function serviceFolders(servicesDir: string): Promise<string[]> {
  const entries = await readdir(servicesDir, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissingFile(error)) return [];
    throw error;
  });
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort((a, b) => (a < b ? -1 : 1))
    .slice(0, MAX_SERVICES);
}

/** Reads every service's folder. What is wrong with one is said of that one and hinders no other. */
export async function discoverServices(servicesDir: string): Promise<DiscoveredService[]> {
  const found = await Promise.all(
    (await serviceFolders(servicesDir)).map((folder) => readService(servicesDir, folder)),
  );
  return settleSigils(settleIds(found));
}

async function readService(servicesDir: string, folder: string): Promise<DiscoveredService> {
  const read = (name: string): Promise<unknown> => readJsonOf(join(servicesDir, folder, name), `${folder}/${name}`);
  try {
    const [manifest, triggers, sigils] = [
      await read('manifest.json'),
      await read('triggers.json'),
      await read('sigils.json'),
    ];
    return { folder, manifest: parseManifest({ folder, manifest, triggers, sigils }), note: null };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const name = folder.slice(0, 120);
    return { folder, id: name, label: name, icon: 'square', error: error.message };
  }
}

/** Of two services with one id, the first in alphabetical order of the folders counts. */
function settleIds(services: DiscoveredService[]): DiscoveredService[] {
  const owners = new Map<string, string>();
  return services.map((service) => {
    if (isBroken(service)) return service;
    const { folder, manifest } = service;
    const { id, label, icon } = manifest;
    const owner = owners.get(id);
    if (owner === undefined) {
      owners.set(id, folder);
      return service;
    }
    const error = new ManifestError(`${folder}/manifest.json`, 'id', `"${id}" is taken by the folder ${owner}`);
    return { folder, id, label, icon, error: error.message };
  });
}
