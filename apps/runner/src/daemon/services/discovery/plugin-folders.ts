import { join } from 'node:path';
import type { InstalledPlugin } from '@pizzapi/plugins';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { lookInto } from './look-into.js';
import { ManifestError } from './manifest-error.js';
import { readManifestJson } from './manifest-json.js';

/** A plugin of the person who runs the daemon; those of a project need trust and are not looked for here. */
export interface PluginFolder {
  /** As messages call it, each name once. */
  name: string;
  path: string;
}

/** What makes a folder a plugin, the first that is there. */
const MANIFESTS = ['.claude-plugin/plugin.json', 'plugin.json'];
/** A slash or a line break would make messages about its services ambiguous. */
const named = Compile(Type.Object({ name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[^/\\p{Cc}]*$' }) }));

export interface PluginFolders {
  /** In alphabetical order of their names. */
  plugins: PluginFolder[];
  /** Those of the folders that are there, but cannot be looked into. */
  unreadable: { root: string; reason: string }[];
}

/** The plugins in these folders, and those that Claude Code has installed elsewhere. */
export async function pluginFolders(
  roots: readonly string[],
  installed: readonly InstalledPlugin[],
): Promise<PluginFolders> {
  const looks = await Promise.all(roots.map(async (root) => ({ root, ...(await lookInto(root)) })));
  const inRoots = (await Promise.all(looks.map(({ root, names }) => pluginsOf(root, names)))).flat();
  const others = installed.filter(({ path }) => !inRoots.some((each) => each.path === path));
  const elsewhere = await Promise.all(
    others.map(async ({ name, path }) => ({ name: (await nameOf(path, name)) ?? name, path })),
  );
  const found = [...inRoots, ...elsewhere];
  return {
    plugins: withUniqueNames(found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))),
    unreadable: looks.flatMap(({ root, unreadable }) => (unreadable === null ? [] : [{ root, reason: unreadable }])),
  };
}

async function pluginsOf(root: string, folders: readonly string[]): Promise<PluginFolder[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const path = join(root, folder);
      const name = await nameOf(path, folder);
      return name === null ? [] : [{ name, path }];
    }),
  );
  return found.flat();
}

/** Null: it is no plugin. One whose manifest is damaged goes by its folder's name; its services are no worse for that. */
async function nameOf(path: string, folder: string): Promise<string | null> {
  for (const file of MANIFESTS) {
    try {
      const manifest = await readManifestJson(join(path, file), file);
      if (manifest !== undefined) return named.Check(manifest) ? manifest.name : folder;
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      return folder;
    }
  }
  return null;
}

function withUniqueNames(plugins: readonly PluginFolder[]): PluginFolder[] {
  const taken = new Set<string>();
  return plugins.map(({ name, path }) => {
    const unique = taken.has(name) ? `${name} (${path})`.slice(0, 200) : name;
    taken.add(name);
    return { name: unique, path };
  });
}
