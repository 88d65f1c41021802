import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissingFile } from '../../../files/file-error.js';
import type { ServicesSource } from './services-sources.js';

/** As many as one announcement holds. */
const MAX_SERVICES = 500;

/** What a service declares, in its folder. */
export const DECLARATION_FILES = ['manifest.json', 'triggers.json', 'sigils.json'];

export interface ServiceFolder {
  /** What messages call it: its name, after the plugin's where it comes from one. */
  name: string;
  path: string;
  plugin: string | null;
}

/** The folders that may be services: source after source, each in alphabetical order. */
export async function serviceFolders(sources: readonly ServicesSource[]): Promise<ServiceFolder[]> {
  const readable = sources.filter(({ unreadable }) => unreadable === undefined);
  const found = await Promise.all(readable.map(foldersOf));
  return found.flat().slice(0, MAX_SERVICES);
}

/** Links to folders count; hidden folders do not. */
async function foldersOf({ dir, plugin }: ServicesSource): Promise<ServiceFolder[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissingFile(error)) return [];
    throw error;
  });
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => ({ name: plugin === null ? name : `${plugin}/${name}`, path: join(dir, name), plugin }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
