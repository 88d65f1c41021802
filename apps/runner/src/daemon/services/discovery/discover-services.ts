import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codePrint } from './code-print.js';
import { type BrokenService, isBroken, type DeclaredService, type DiscoveredService } from './discovered-service.js';
import { filePrint } from './file-print.js';
import { ManifestError } from './manifest-error.js';
import { readManifestJson } from './manifest-json.js';
import { DECLARATION_FILES, serviceFolders, type ServiceFolder } from './service-folders.js';
import { DEFAULT_ENTRY, parseManifest, type ServiceManifest } from './service-manifest.js';
import type { ServicesSource } from './services-sources.js';
import { settleSigils } from './settle-sigils.js';

/** Reads every service's folder. What is wrong with one is said of that one and hinders no other. */
export async function discoverServices(sources: readonly ServicesSource[]): Promise<DiscoveredService[]> {
  const found = await Promise.all((await serviceFolders(sources)).map(readService));
  return [...settleSigils(settleIds(found)), ...sources.flatMap(unreadable)];
}

/** Stands where its services would. */
function unreadable({ dir, plugin, unreadable: reason }: ServicesSource): BrokenService[] {
  if (reason === undefined) return [];
  const { message } = new ManifestError(dir, '', `cannot be looked into, so no service in it is found (${reason})`);
  return [{ folder: dir, plugin, id: dir.slice(-120), label: dir.slice(-200), icon: 'folder', error: message }];
}

async function readService(folder: ServiceFolder): Promise<DiscoveredService> {
  const { name, path, plugin } = folder;
  const read = (file: string): Promise<unknown> => readManifestJson(join(path, file), `${name}/${file}`);
  try {
    const [manifest, triggers, sigils] = [
      await read('manifest.json'),
      await read('triggers.json'),
      await read('sigils.json'),
    ];
    return await declaredService(folder, parseManifest({ folder: name, manifest, triggers, sigils }));
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const id = name.slice(0, 120);
    return { folder: name, plugin, id, label: id, icon: 'square', error: error.message };
  }
}

async function declaredService(
  { name, path, plugin }: ServiceFolder,
  manifest: ServiceManifest,
): Promise<DeclaredService> {
  const entry = await entryOf(name, path, manifest);
  const panelDir = manifest.panel && resolve(path, manifest.panel.dir);
  // A panel's files are something to run: the runner serves them.
  const note =
    entry === null && panelDir === null
      ? `${name}/${DEFAULT_ENTRY.slice(2)}: is missing, so nothing runs; what it declares can be fired by anything with a key`
      : null;
  const files = JSON.stringify([
    ...(await Promise.all(DECLARATION_FILES.map((file) => filePrint(join(path, file))))),
    await codePrint({ path, entry, panelDir }),
  ]);
  return { folder: name, path, entry, panelDir, plugin, manifest, files, note };
}

/** A module that the manifest names must be there; without the default one the service is its declaration alone. */
async function entryOf(folder: string, path: string, { entry }: ServiceManifest): Promise<string | null> {
  const file = resolve(path, entry ?? DEFAULT_ENTRY);
  const isThere = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isThere) return file;
  if (entry === null) return null;
  throw new ManifestError(`${folder}/manifest.json`, 'entry', `there is no file "${entry}" in the service's folder`);
}

/** Of two services with one id, the first counts. */
function settleIds(services: DiscoveredService[]): DiscoveredService[] {
  const owners = new Map<string, string>();
  return services.map((service) => {
    if (isBroken(service)) return service;
    const { folder, manifest, plugin } = service;
    const { id, label, icon } = manifest;
    const owner = owners.get(id);
    if (owner === undefined) {
      owners.set(id, folder);
      return service;
    }
    const error = new ManifestError(`${folder}/manifest.json`, 'id', `"${id}" is taken by the folder ${owner}`);
    return { folder, plugin, id, label, icon, error: error.message };
  });
}
