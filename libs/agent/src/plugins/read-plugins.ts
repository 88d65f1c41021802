import { parseFrontmatter } from '@earendil-works/pi-coding-agent';
import {
  discoverPlugins,
  discoverProjectPlugins,
  type PluginList,
  type PluginPlaces,
  type ProjectPlaces,
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

/** The plugins that these folders of a project bring, and those that are installed for one of them. */
export function readProjectPlugins(folders: readonly string[], places: ProjectPlaces): Promise<ProjectPlugins> {
  return discoverProjectPlugins(folders, places, reader);
}

/** The plugin of a project in this folder. @param installedAs what Claude Code calls it that has installed it */
export function readPluginToTrust(folder: string, installedAs: string | null): ReturnType<typeof readProjectPlugin> {
  return readProjectPlugin(folder, reader, installedAs);
}
