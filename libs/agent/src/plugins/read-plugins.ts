import { parseFrontmatter } from '@earendil-works/pi-coding-agent';
import {
  discoverPlugins,
  discoverProjectPlugins,
  type PluginList,
  type PluginPlaces,
  type ProjectPlugins,
  type ProjectReader,
  readProjectPlugin,
} from '@pizzapi/plugins';
import { describeServers } from '../mcp/plugin-servers.js';

const parse = (content: string) => parseFrontmatter(content);
const reader: ProjectReader = { parse, describeServers };

/** The plugins in these places, as they are now; pi's parser reads their YAML. */
export function readPlugins(places: PluginPlaces): Promise<PluginList> {
  return discoverPlugins(places, parse);
}

/** The plugins that these folders of a project bring. @param own where a person's own plugins lie */
export function readProjectPlugins(folders: readonly string[], own: readonly string[]): Promise<ProjectPlugins> {
  return discoverProjectPlugins(folders, own, reader);
}

/** The plugin of a project in this folder. */
export function readPluginToTrust(folder: string): ReturnType<typeof readProjectPlugin> {
  return readProjectPlugin(folder, reader);
}
