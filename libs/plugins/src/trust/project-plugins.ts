import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside, MANIFESTS } from '../manifest.js';
import type { FrontmatterParser, Plugin, PluginProblem } from '../plugin.js';
import { readPlugin } from '../read-plugin.js';
import { contentOf, UnfitFolderError } from './content-hash.js';
import { abilitiesOf, contentText } from './plugin-card.js';

/** Where a project keeps its plugins, below its folder. */
const PROJECT_PLUGIN_ROOTS = ['.pizzapi', '.agents', '.claude'].map((folder) => join(folder, 'plugins'));

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

/**
 * The plugins that these folders of a project bring; those that are a person's own, because the project is their home, are left out. What is
 * wrong with one is a problem of its own. Never rejects.
 * @param own where a person's own plugins lie
 */
export async function discoverProjectPlugins(
  projects: readonly string[],
  own: readonly string[],
  parse: FrontmatterParser,
): Promise<ProjectPlugins> {
  const found: ProjectPlugins = { plugins: [], problems: [] };
  const seen = new Set(await Promise.all(own.map(realPathOf)));
  for (const project of projects) {
    for (const place of PROJECT_PLUGIN_ROOTS) {
      const root = await realPathOf(join(project, place));
      if (seen.has(root)) continue;
      seen.add(root);
      // What lies elsewhere is not the project's to bring.
      if (!isInside(await realPathOf(project), root))
        found.problems.push({ path: join(project, place), detail: 'it is a link that leads out of the project' });
      else for (const folder of await foldersIn(root)) await look(found, folder, parse);
    }
  }
  return found;
}

async function look(found: ProjectPlugins, folder: string, parse: FrontmatterParser): Promise<void> {
  const read = await readProjectPlugin(folder, parse);
  if (read.plugin) found.plugins.push(read.plugin);
  else found.problems.push(...read.problems);
}

/** The plugin in a folder of a project; none where it is no plugin or nobody can vouch for it. Never rejects. */
export async function readProjectPlugin(folder: string, parse: FrontmatterParser): Promise<ReadProjectPlugin> {
  try {
    return await read(folder, parse);
  } catch (error) {
    return {
      plugin: null,
      problems: [{ path: folder, detail: error instanceof Error ? error.message : String(error) }],
    };
  }
}

export interface ReadProjectPlugin {
  plugin: ProjectPlugin | null;
  problems: PluginProblem[];
}

async function read(folder: string, parse: FrontmatterParser): Promise<ReadProjectPlugin> {
  const isPlugin = await Promise.all(MANIFESTS.map((file) => isThere(join(folder, file))));
  if (!isPlugin.includes(true)) return { plugin: null, problems: [] };
  if ((await lstat(folder)).isSymbolicLink()) throw new UnfitFolderError('it is a link');
  const path = await realpath(folder);
  const { hash, files } = await contentOf(path);
  const { plugin, problems } = await readPlugin(path, parse);
  if (plugin === null) return { plugin, problems };
  const adapted = await asOfProject(plugin);
  const content = await contentText(adapted, files);
  // What was read in between is what was hashed.
  if ((await contentOf(path)).hash !== hash) throw new UnfitFolderError('it changed while it was read');
  return { plugin: { plugin: adapted, problems, hash, abilities: abilitiesOf(adapted), content }, problems: [] };
}

/** Whether a plugin is still what it was when it was read. */
export async function isUnchanged({ plugin, hash }: ProjectPlugin): Promise<boolean> {
  return contentOf(plugin.path).then(
    (now) => now.hash === hash,
    // Gone, or nobody can vouch for it any more.
    () => false,
  );
}

/** What outlives a turn is not a project's to start: services serve all sessions, and servers have a consent of their own. */
async function asOfProject(plugin: Plugin): Promise<Plugin> {
  const hasServices = await isThere(join(plugin.path, 'services'));
  return {
    ...plugin,
    serverFiles: [],
    unadapted: [
      ...plugin.unadapted,
      ...(hasServices ? ['Its services are not started: those of a project never are.'] : []),
      ...(plugin.serverFiles.length > 0
        ? ["Its MCP servers are not started: name them in the project's .mcp.json, which people are asked about."]
        : []),
    ],
  };
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** In alphabetical order. */
async function foldersIn(root: string): Promise<string[]> {
  const names = await readdir(root).catch((): string[] => []);
  return names.sort().map((name) => join(root, name));
}
