import type { Plugin, PluginList } from '@pizzapi/plugins';

/** Plugins for a person at a terminal: each with what sessions have of it and what is not used. */
export function pluginsText({ plugins, problems }: PluginList, roots: readonly string[]): string {
  const none = `No plugins in ${roots.join(', ')}.`;
  const broken = problems.map(({ path, detail }) => `Not used: ${path}: ${detail}.`);
  return `${[...(plugins.length === 0 ? [none] : plugins.map(pluginText)), ...broken].join('\n\n')}\n`;
}

function pluginText({
  name,
  version,
  description,
  path,
  commands,
  skillFolders,
  agentFolders,
  unadapted,
}: Plugin): string {
  return [
    `${name}${version === null ? '' : ` ${version}`}  (${path})`,
    ...(description === '' ? [] : [`  ${description}`]),
    ...commands.map((command) => `  /${command.name}  ${command.description}`),
    ...skillFolders.map((folder) => `  skills: ${folder}`),
    ...agentFolders.map((folder) => `  agents: ${folder}`),
    ...unadapted.map((sentence) => `  not used: ${sentence}`),
  ].join('\n');
}
