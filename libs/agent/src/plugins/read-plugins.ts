import { parseFrontmatter } from '@earendil-works/pi-coding-agent';
import { discoverPlugins, type PluginList, type PluginPlaces } from '@pizzapi/plugins';

/** The plugins in these places, as they are now; pi's parser reads their YAML. */
export function readPlugins(places: PluginPlaces): Promise<PluginList> {
  return discoverPlugins(places, (content) => parseFrontmatter(content));
}
