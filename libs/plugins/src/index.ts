export { discoverPlugins, type PluginPlaces } from './discover-plugins.js';
export type { FrontmatterParser, Plugin, PluginCommand, PluginList, PluginProblem } from './plugin.js';
