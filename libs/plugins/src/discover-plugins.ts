import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { installedPlugins } from './installed-plugins.js';
import { isInside } from './manifest.js';
import type { FrontmatterParser, Plugin, PluginList, PluginProblem } from './plugin.js';
import { readPlugin } from './read-plugin.js';
import { exists } from './unadapted.js';

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
  const installed = installedPlugins(places.installedFile);
  problems.push(...installed.problems);
  const inRoots = (await Promise.all(places.roots.map(foldersIn))).flat();
  const names = new Map(installed.plugins.map(({ path, name }) => [path, name]));
  // In a person's own place, too, it is a project's, or switched off.
  const left = new Set(await Promise.all([...installed.ofProjects, ...installed.switchedOff].map(realPathOf)));
  for (const folder of new Set([...inRoots, ...names.keys()])) {
    if (!names.has(folder) && left.has(await realPathOf({ path: folder }))) continue;
    // Claude Code takes one that it has installed for a plugin, also without a manifest.
    const name = names.get(folder) ?? null;
    const read = await readPlugin(folder, parse, name);
    problems.push(...read.problems);
    if (read.plugin === null) continue;
    if (!places.roots.some((root) => isInside(root, folder)) && (await exists(join(folder, 'services'))))
      read.plugin.unadapted.push('Its services are not started: an agent could change it where it lies.');
    const known = plugins.get(read.plugin.name);
    if (known) problems.push({ path: folder, detail: `${known.path} has the same name and comes first` });
    else plugins.set(read.plugin.name, read.plugin);
  }
  const switchedOff = installed.switchedOff.map(({ path }) => path);
  const sorted = [...plugins.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { plugins: sorted, problems, switchedOff, ofProjects: installed.ofProjects };
}

async function realPathOf({ path }: { path: string }): Promise<string> {
  return realpath(path).catch(() => path);
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
