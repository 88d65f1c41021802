import { join } from 'node:path';
import { installedPlugins, isInside } from '@pizzapi/plugins';
import type { HomeLayout } from '../../../config/home-layout.js';
import { lookInto } from './look-into.js';
import { pluginFolders } from './plugin-folders.js';

/** A folder in which every folder is a service. */
export interface ServicesSource {
  dir: string;
  /** The plugin that brings it; null: the user's own. */
  plugin: string | null;
  /** Why nothing can be found in it. */
  unreadable?: string;
}

/**
 * Where services lie, in the order in which they take an id or a sigil's name: the user's own first, then plugins by their names. A folder of
 * plugins that cannot be looked into comes last, for that to be said.
 */
export async function servicesSources(layout: HomeLayout): Promise<ServicesSource[]> {
  const { pluginRoots, installedPluginsFile } = layout;
  const installed = installedPlugins(installedPluginsFile).plugins;
  // Anywhere else an agent that works there could change them, and services run outside of its sandbox.
  const safe = installed.filter(({ path }) => pluginRoots.some((root) => isInside(root, path)));
  const { plugins, unreadable } = await pluginFolders(pluginRoots, safe);
  const found = await Promise.all(
    plugins.map(async ({ name, path }) => {
      const dir = join(path, 'services');
      const look = await lookInto(dir);
      return look.names.length > 0 || look.unreadable !== null ? [sourceOf(dir, name, look.unreadable)] : [];
    }),
  );
  const own = sourceOf(layout.servicesDir, null, (await lookInto(layout.servicesDir)).unreadable);
  return [own, ...found.flat(), ...unreadable.map(({ root, reason }) => sourceOf(root, null, reason))];
}

function sourceOf(dir: string, plugin: string | null, unreadable: string | null): ServicesSource {
  return { dir, plugin, ...(unreadable !== null && { unreadable }) };
}
