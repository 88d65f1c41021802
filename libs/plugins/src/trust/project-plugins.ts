import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside, MANIFESTS, readPart } from '../manifest.js';
import type { ProjectInstall } from '../plugin.js';
import type { FrontmatterParser, Plugin, PluginProblem } from '../plugin.js';
import { readPlugin } from '../read-plugin.js';
import { contentOf, UnfitFolderError } from './content-hash.js';
import { abilitiesOf, contentText, type ServerText } from './plugin-card.js';

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
  /** What names its MCP servers, as it was read with everything else. */
  serverFiles: ServerFileText[];
  /** What Claude Code calls it that has installed it, with which it needs no manifest; null: it lies in the project. */
  installedAs: string | null;
}

/** A file that names MCP servers. */
export interface ServerFileText {
  path: string;
  text: string;
}

/** What reads the parts of a plugin that this library knows nothing of. */
export interface ProjectReader {
  parse: FrontmatterParser;
  /** What somebody should know of each MCP server that these files of the plugin name. */
  describeServers: (plugin: Plugin, files: readonly ServerFileText[]) => ServerText[];
}

export interface ProjectPlugins {
  plugins: ProjectPlugin[];
  problems: PluginProblem[];
  /** Folders of those that Claude Code has installed for it, and that are switched off there. Default: none. */
  switchedOff?: string[];
  /** Those that Claude Code has installed for other projects. Default: none. */
  elsewhere?: ProjectInstall[];
}

/** What is looked through for a project's plugins, besides its own folders. */
export interface ProjectPlaces {
  /** Where a person's own plugins lie. */
  own: readonly string[];
  /** What Claude Code has installed for projects. Default: nothing. */
  installed?: readonly ProjectInstall[];
  /** The person's own plugins, which go before those of the project by their names. Default: none. */
  plugins?: readonly Pick<Plugin, 'name' | 'path'>[];
}

/**
 * The plugins that these folders of a project bring, and those that Claude Code has installed for one of the folders. A person's own, where the
 * project is their home folder, are left out. What is wrong with one plugin is a problem of its own and leaves the others. Never rejects.
 */
export async function discoverProjectPlugins(
  projects: readonly string[],
  { own, installed = [], plugins = [] }: ProjectPlaces,
  reader: ProjectReader,
): Promise<ProjectPlugins> {
  const found: Required<ProjectPlugins> = { plugins: [], problems: [], switchedOff: [], elsewhere: [] };
  const seen = new Set(await Promise.all(own.map(realPathOf)));
  for (const project of projects) {
    for (const place of PROJECT_PLUGIN_ROOTS) {
      const root = await realPathOf(join(project, place));
      if (seen.has(root)) continue;
      seen.add(root);
      // What lies elsewhere is not the project's to bring.
      if (!isInside(await realPathOf(project), root))
        found.problems.push({ path: join(project, place), detail: 'it is a link that leads out of the project' });
      else for (const folder of await foldersIn(root)) await look(found, folder, reader);
    }
  }
  await lookAtInstalled(found, projects, installed, reader);
  return withUniqueNames(found, plugins);
}

/** Of two with one name the first counts; that of the person comes before those of the project. */
function withUniqueNames(
  found: Required<ProjectPlugins>,
  own: readonly Pick<Plugin, 'name' | 'path'>[],
): Required<ProjectPlugins> {
  const first = new Map(own.map(({ name, path }) => [name, path]));
  const plugins: ProjectPlugin[] = [];
  const problems = [...found.problems];
  for (const each of found.plugins) {
    const { name, path } = each.plugin;
    const known = first.get(name);
    if (known !== undefined) problems.push({ path, detail: `${known} has the same name and comes first` });
    else {
      first.set(name, path);
      plugins.push(each);
    }
  }
  return { ...found, plugins, problems };
}

async function lookAtInstalled(
  found: Required<ProjectPlugins>,
  projects: readonly string[],
  installed: readonly ProjectInstall[],
  reader: ProjectReader,
): Promise<void> {
  const here = new Set(await Promise.all(projects.map(realPathOf)));
  const seen = new Set(found.plugins.map(({ plugin }) => plugin.path));
  for (const install of installed) {
    const { path, name, projectPath, isSwitchedOff } = install;
    const real = await realPathOf(path);
    if (!here.has(await realPathOf(projectPath))) found.elsewhere.push(install);
    else if (isSwitchedOff) found.switchedOff.push(path);
    else if (!seen.has(real)) {
      seen.add(real);
      await look(found, path, reader, name);
    }
  }
}

async function look(
  found: ProjectPlugins,
  folder: string,
  reader: ProjectReader,
  installedAs: string | null = null,
): Promise<void> {
  const read = await readProjectPlugin(folder, reader, installedAs);
  if (read.plugin) found.plugins.push(read.plugin);
  else found.problems.push(...read.problems);
}

/**
 * The plugin in a folder of a project; none where it is no plugin or nobody can vouch for it. Never rejects.
 * @param installedAs what Claude Code calls it, with which it needs no manifest
 */
export async function readProjectPlugin(
  folder: string,
  reader: ProjectReader,
  installedAs: string | null = null,
): Promise<ReadProjectPlugin> {
  try {
    return await read(folder, reader, installedAs);
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

async function read(
  folder: string,
  { parse, describeServers }: ProjectReader,
  installedAs: string | null,
): Promise<ReadProjectPlugin> {
  const isPlugin = await Promise.all(MANIFESTS.map((file) => isThere(join(folder, file))));
  if (installedAs === null && !isPlugin.includes(true)) return { plugin: null, problems: [] };
  if (!(await isThere(folder))) throw new UnfitFolderError('Claude Code has it on its list, and it is not there');
  if ((await lstat(folder)).isSymbolicLink()) throw new UnfitFolderError('it is a link');
  const path = await realpath(folder);
  const found = await contentOf(path);
  const { plugin, problems } = await readPlugin(path, parse, installedAs);
  if (plugin === null) return { plugin, problems };
  const adapted = await asOfProject(plugin);
  const serverFiles = adapted.serverFiles.flatMap((file): ServerFileText[] => {
    const text = readPart(file);
    if (typeof text === 'string') return [{ path: file, text }];
    if (text !== null) problems.push(text);
    return [];
  });
  const servers = describeServers(adapted, serverFiles);
  const content = await contentText(adapted, servers, found);
  const { hash } = found;
  // What was read in between is what was hashed.
  if ((await contentOf(path)).hash !== hash) throw new UnfitFolderError('it changed while it was read');
  const abilities = abilitiesOf(adapted, servers);
  return { plugin: { plugin: adapted, problems, hash, abilities, content, serverFiles, installedAs }, problems: [] };
}

/** Whether a plugin is still what it was when it was read. */
export async function isUnchanged({ plugin, hash }: ProjectPlugin): Promise<boolean> {
  return contentOf(plugin.path).then(
    (now) => now.hash === hash,
    // Gone, or nobody can vouch for it any more.
    () => false,
  );
}

/** What outlives a session is not a project's to start: services serve all of them. */
async function asOfProject(plugin: Plugin): Promise<Plugin> {
  const hasServices = await isThere(join(plugin.path, 'services'));
  return {
    ...plugin,
    unadapted: [
      ...plugin.unadapted,
      ...(hasServices ? ['Its services are not started: those of a project never are.'] : []),
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
