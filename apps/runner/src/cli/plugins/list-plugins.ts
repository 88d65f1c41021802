import { readPlugins } from '@pizzapi/agent';
import type { HomeLayout } from '../../config/home-layout.js';
import { pluginsText } from './plugins-text.js';

/** What `pizzapi plugins` prints. */
export async function listPlugins({ pluginRoots, installedPluginsFile }: HomeLayout): Promise<string> {
  return pluginsText(await readPlugins({ roots: pluginRoots, installedFile: installedPluginsFile }), pluginRoots);
}
