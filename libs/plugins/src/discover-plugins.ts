import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { isRecord, parsed, readPart } from './manifest.js';
import type { FrontmatterParser, Plugin, PluginList, PluginProblem } from './plugin.js';
import { readPlugin } from './read-plugin.js';

/** Where a person's plugins lie. Those of a project need trust: `trust/project-plugins.ts`. */
export interface PluginPlaces {
  /** Folders in which each folder with a manifest is a plugin; of two with one name, that of the earlier one counts. */
  roots: readonly string[];
  /** Claude Code's list of what it has installed. */
  installedFile: string;
}

/** Reads the plugins anew, because people install and change them while runners run. By their names. */
export async function discoverPlugins(places: PluginPlaces, parse: FrontmatterParser): Promise<PluginList> {
  const plugins = new Map<string, Plugin>();
  const problems: PluginProblem[] = [];
  const installed = installedFolders(places.installedFile);
  problems.push(...installed.problems);
  const folders = [...(await Promise.all(places.roots.map(foldersIn))).flat(), ...installed.folders];
  for (const folder of new Set(folders)) {
    const read = await readPlugin(folder, parse);
    problems.push(...read.problems);
    if (read.plugin === null) continue;
    const known = plugins.get(read.plugin.name);
    if (known) problems.push({ path: folder, detail: `${known.path} has the same name and comes first` });
    else plugins.set(read.plugin.name, read.plugin);
  }
  return { plugins: [...plugins.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), problems };
}

/** In alphabetical order. */
async function foldersIn(root: string): Promise<string[]> {
  try {
    const names = await readdir(root);
    return names.sort().map((name) => join(root, name));
  } catch {
    return []; // No folder, or none that may be read.
  }
}

/** Of each plugin that is installed for the person, the folder. The file lists one per plugin (version 1) or several (version 2). */
function installedFolders(path: string): { folders: string[]; problems: PluginProblem[] } {
  const text = readPart(path);
  if (text === null) return { folders: [], problems: [] };
  if (typeof text !== 'string') return { folders: [], problems: [text] };
  const list = parsed(text);
  const plugins = isRecord(list) ? list['plugins'] : undefined;
  if (!isRecord(plugins)) return { folders: [], problems: [{ path, detail: 'its field "plugins" must be an object' }] };
  const installs: unknown[] = Object.values(plugins).flatMap((entry: unknown) => [entry].flat());
  const folders = installs.flatMap((install: unknown) => {
    if (!isRecord(install)) return [];
    // Those of a project need trust.
    const { scope = 'user', installPath } = install;
    return scope === 'user' && typeof installPath === 'string' && isAbsolute(installPath) ? [installPath] : [];
  });
  return { folders, problems: [] };
}
