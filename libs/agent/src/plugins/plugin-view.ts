import type { Plugin } from '@pizzapi/plugins';
import type { SessionPlugin } from '@pizzapi/protocol';

/** A plugin as people are shown it. */
export function pluginView(
  plugin: Plugin,
  source: SessionPlugin['source'],
  state: SessionPlugin['state'],
): SessionPlugin {
  const { name, version, path, unadapted } = plugin;
  return {
    name: name.slice(0, 200),
    ...(version !== null && { version: version.slice(0, 100) }),
    path: path.slice(0, 4_000),
    source,
    state,
    brings: bringsOf(plugin),
    unadapted: unadapted.slice(0, 50).map((sentence) => sentence.slice(0, 500)),
  };
}

function bringsOf({ commands, hooks, rules, skillFolders, agentFolders, serverFiles }: Plugin): string[] {
  return [
    ...counted(commands.length, 'command'),
    ...counted(hooks.length, 'hook'),
    ...counted(rules.length, 'rule'),
    ...(skillFolders.length > 0 ? ['skills'] : []),
    ...(agentFolders.length > 0 ? ['agents'] : []),
    ...(serverFiles.length > 0 ? ['MCP servers'] : []),
  ];
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`];
}
