import { join } from 'node:path';
import type { HomeLayout } from '../../../config/home-layout.js';
import { foldersIn, pluginFolders } from './plugin-folders.js';

/** A folder in which every folder is a service. */
export interface ServicesSource {
  dir: string;
  /** The plugin that brings it; null: the user's own. */
  plugin: string | null;
}

/** Where services lie, in the order in which they take an id or a sigil's name: the user's own first, then plugins by their names. */
export async function servicesSources(layout: HomeLayout): Promise<ServicesSource[]> {
  const plugins = await pluginFolders(layout.pluginRoots);
  const found = await Promise.all(
    plugins.map(async ({ name, path }) => {
      const dir = join(path, 'services');
      return (await foldersIn(dir)).length > 0 ? [{ dir, plugin: name }] : [];
    }),
  );
  return [{ dir: layout.servicesDir, plugin: null }, ...found.flat()];
}
