import { readServers, type ServerList } from '@pizzapi/mcp';
import type { Plugin, ServerFileText, ServerText } from '@pizzapi/plugins';
import { serverAbility } from './server-consent.js';

/** The MCP servers that a project's plugin names, as they stood in its files when it was read. */
export function pluginServers({ path: plugin }: Plugin, files: readonly ServerFileText[]): ServerList {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return readServers(
    files.map(({ path }) => ({ path, source: 'project', plugin, variables: { CLAUDE_PLUGIN_ROOT: plugin } })),
    ({ path }) => texts.get(path) ?? null,
  );
}

/** What somebody should know of each who is to trust the plugin; what its variables stand for is not in it. */
export function describeServers(plugin: Plugin, files: readonly ServerFileText[]): ServerText[] {
  return pluginServers(plugin, files).servers.map((server) => ({
    summary: serverAbility(server),
    whole: `${server.name}: ${JSON.stringify(server.settings)}`,
  }));
}
