import { access, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrontmatterParser, Plugin, PluginProblem } from '../plugin.js';
import { readPlugin } from '../read-plugin.js';
import { contentOf, UnfitFolderError } from './content-hash.js';

/** Where a project keeps its plugins, below its folder. */
export const PROJECT_PLUGIN_ROOTS = ['.pizzapi', '.agents', '.claude'].map((folder) => join(folder, 'plugins'));

/** A plugin that a project brings. Nothing of it is used until somebody trusts exactly this content. */
export interface ProjectPlugin {
  plugin: Plugin;
  /** Files of it that cannot be understood. */
  problems: PluginProblem[];
  hash: string;
  /** What somebody should know who is to trust it, a sentence each. */
  abilities: string[];
  /** What it is made of. */
  content: string;
}

export interface ProjectPlugins {
  plugins: ProjectPlugin[];
  problems: PluginProblem[];
}

/** The plugins in these folders of projects; those that are a person's own, because the project is their home, are left out. */
export async function discoverProjectPlugins(
  roots: readonly string[],
  own: readonly string[],
  parse: FrontmatterParser,
): Promise<ProjectPlugins> {
  const found: ProjectPlugins = { plugins: [], problems: [] };
  const ownRoots = new Set(await Promise.all(own.map(realPathOf)));
  const folders = new Set<string>();
  for (const root of roots) {
    const real = await realPathOf(root);
    if (ownRoots.has(real)) continue;
    for (const folder of await foldersIn(real)) folders.add(await realPathOf(folder));
  }
  for (const folder of folders) {
    const read = await readProjectPlugin(folder, parse);
    if (read.plugin) found.plugins.push(read.plugin);
    else found.problems.push(...read.problems);
  }
  return found;
}

/** The plugin in a folder of a project; none where it is no plugin or nobody can vouch for it. */
export async function readProjectPlugin(
  folder: string,
  parse: FrontmatterParser,
): Promise<{ plugin: ProjectPlugin | null; problems: PluginProblem[] }> {
  const path = await realPathOf(folder);
  try {
    const first = await readPlugin(path, parse);
    if (first.plugin === null) return { plugin: null, problems: first.problems };
    const { hash, files } = await contentOf(path);
    // What is used is what was hashed, or something that would have another hash.
    const { plugin, problems } = await readPlugin(path, parse);
    if (plugin === null) return { plugin, problems };
    const adapted = await withoutServices(plugin);
    const content = await shown(path, files);
    return { plugin: { plugin: adapted, problems, hash, abilities: abilitiesOf(adapted), content }, problems: [] };
  } catch (error) {
    if (!(error instanceof UnfitFolderError)) throw error;
    return { plugin: null, problems: [{ path, detail: error.message }] };
  }
}

/** Whether a plugin is still what it was when it was read. */
export async function isUnchanged({ plugin, hash }: ProjectPlugin): Promise<boolean> {
  return contentOf(plugin.path).then(
    (now) => now.hash === hash,
    // Gone, or nobody can vouch for it any more.
    () => false,
  );
}

/** Services live as long as the runner and serve all its sessions: no project starts any. */
async function withoutServices(plugin: Plugin): Promise<Plugin> {
  const hasServices = await access(join(plugin.path, 'services')).then(
    () => true,
    () => false,
  );
  if (!hasServices) return plugin;
  return { ...plugin, unadapted: [...plugin.unadapted, 'Its services are not started: those of a project never are.'] };
}

function abilitiesOf({ hooks, commands, skillFolders, agentFolders, rules, serverFiles }: Plugin): string[] {
  const runs = hooks.slice(0, 12).map(({ event, matcher, command, args }) => {
    const which = matcher === '' || matcher === '*' ? '' : ` (${matcher.slice(0, 60)})`;
    return `Run at ${event}${which}: ${[command, ...(args ?? [])].join(' ').slice(0, 200)}`;
  });
  return [
    ...runs,
    ...(hooks.length > runs.length ? [`Run ${hooks.length - runs.length} more commands by itself`] : []),
    ...(commands.length > 0
      ? [
          `Offer the commands ${commands
            .map(({ name }) => `/${name}`)
            .join(', ')
            .slice(0, 300)}`,
        ]
      : []),
    ...(skillFolders.length > 0 ? ['Teach the agent skills'] : []),
    ...(agentFolders.length > 0 ? ['Bring subagents'] : []),
    ...(rules.length > 0 ? ['Tell the agent rules'] : []),
    ...(serverFiles.length > 0 ? ['Start MCP servers'] : []),
  ];
}

/** Characters of each file, and of all, that are shown. */
const MAX_FILE_CHARACTERS = 4_000;
const MAX_CHARACTERS = 18_000;

async function shown(folder: string, files: readonly string[]): Promise<string> {
  let text = `${files.length} files:\n${files.slice(0, 100).join('\n')}\n`;
  for (const file of files) {
    if (text.length > MAX_CHARACTERS) return `${text.slice(0, MAX_CHARACTERS)}\n…`;
    const content = await readFile(join(folder, file));
    const isText = !content.subarray(0, 1_024).includes(0);
    text += `\n== ${file}\n${isText ? content.toString('utf8', 0, MAX_FILE_CHARACTERS) : '(not a text)'}\n`;
  }
  return text;
}

async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** In alphabetical order. */
async function foldersIn(root: string): Promise<string[]> {
  const names = await readdir(root).catch((): string[] => []);
  return names.sort().map((name) => join(root, name));
}
