import type { Plugin } from '@pizzapi/plugins';
import type { SessionPlugin } from '@pizzapi/protocol';

const MAX_SENTENCES = 50;

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
    unadapted: firstOf(unadapted).map((sentence) => sentence.slice(0, 500)),
  };
}

/** What does not fit is counted: nothing is dropped without a word. */
function firstOf(sentences: readonly string[]): string[] {
  if (sentences.length <= MAX_SENTENCES) return [...sentences];
  const more = sentences.length - (MAX_SENTENCES - 1);
  return [...sentences.slice(0, MAX_SENTENCES - 1), `${more} more; pizzapi plugins lists all.`];
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
