import type { JudgedPlugin, PluginTrust } from '@pizzapi/agent';
import { hookText, type Plugin, type PluginList, type ProjectPlugin, type ProjectPlugins } from '@pizzapi/plugins';
import type { Judgement } from '../../plugin-trust/plugin-trust.files.js';

/** Plugins for a person at a terminal: each with what sessions have of it and what is not used. */
export function pluginsText({ plugins, problems, switchedOff = [] }: PluginList, roots: readonly string[]): string {
  const none = `No plugins in ${roots.join(', ')}.`;
  const broken = [
    ...problems.map(({ path, detail }) => `Not used: ${path}: ${detail}.`),
    ...switchedOff.map((path) => `Not used: ${path}: it is switched off in Claude Code's settings.`),
  ];
  return `${[...(plugins.length === 0 ? [none] : plugins.map(pluginText)), ...broken].join('\n\n')}\n`;
}

/** Plugins of the project; none where there are none. */
export function projectPluginsText(
  { plugins, problems, switchedOff = [], elsewhere = [] }: ProjectPlugins,
  trust: PluginTrust,
): string {
  const texts = plugins.map((each) => {
    const { plugin, hash } = each;
    const answer = trust.answerOn({ path: plugin.path, hash });
    if (answer === 'trusted') return pluginText(plugin);
    const state = answer === 'refused' ? 'refused' : `not trusted; to trust it: pizzapi plugins trust ${plugin.path}`;
    return `${plugin.name}  (${plugin.path})\n  ${state}\n${abilitiesText(each)}`.trimEnd();
  });
  const broken = problems.map(({ path, detail }) => `Not used: ${path}: ${detail}.`);
  const off = switchedOff.map((path) => `Not used: ${path}: it is switched off in Claude Code's settings.`);
  const all = [...texts, ...broken, ...off];
  const others = elsewhere.map(
    ({ path, projectPath }) => `Not used here: ${path}: Claude Code has installed it for ${projectPath} alone.`,
  );
  return section('Of this project', all) + section('Of other projects', others);
}

function section(heading: string, texts: readonly string[]): string {
  return texts.length === 0 ? '' : `\n${heading}:\n\n${texts.join('\n\n')}\n`;
}

/** What a plugin may do, a line each. */
export function abilitiesText({ abilities }: ProjectPlugin): string {
  return abilities.map((ability) => `  ${ability}\n`).join('');
}

/** What was said about projects' plugins, and what the person's own file trusts besides. */
export function trustedText(
  judgements: readonly Judgement[],
  configured: readonly JudgedPlugin[],
  configFile: string,
): string {
  const lines = [
    ...judgements.map(({ answer, path, hash, by, at }) => `${answer}  ${path}  ${hash}  (${by}, ${at})\n`),
    ...configured.map(({ path, hash }) => `trusted  ${path}  ${hash}  (${configFile})\n`),
  ];
  return lines.length === 0 ? 'Nothing was said about any plugin of a project.\n' : lines.join('');
}

function pluginText(plugin: Plugin): string {
  const {
    name,
    version,
    description,
    path,
    commands,
    skillFolders,
    agentFolders,
    hooks,
    rules,
    serverFiles,
    unadapted,
  } = plugin;
  return [
    `${name}${version === null ? '' : ` ${version}`}  (${path})`,
    ...(description === '' ? [] : [`  ${description}`]),
    ...commands.map((command) => `  /${command.name}  ${command.description}`),
    ...skillFolders.map((folder) => `  skills: ${folder}`),
    ...agentFolders.map((folder) => `  agents: ${folder}`),
    ...hooks.map((hook) => `  ${hookText(hook)}`),
    ...rules.map((rule) => `  rules: ${rule.path}${rule.paths === null ? '' : ` (${rule.paths.join(', ')})`}`),
    ...serverFiles.map((file) => `  MCP servers: ${file}`),
    ...unadapted.map((sentence) => `  not used: ${sentence}`),
  ].join('\n');
}
