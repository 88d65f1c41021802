import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCommands } from './commands.js';
import { readHooks } from './hooks/read-hooks.js';
import { isRecord, type Manifest, placesOf, readManifest } from './manifest.js';
import type { FrontmatterParser, Plugin, PluginProblem } from './plugin.js';
import { readRules } from './rules.js';
import { readSkills } from './skills.js';
import { exists, unadaptedParts } from './unadapted.js';

export interface ReadPlugin {
  /** Null: the folder is no plugin, or its manifest cannot be read. */
  plugin: Plugin | null;
  problems: PluginProblem[];
}

/**
 * Reads a folder. A file in it that cannot be read is a problem of its own; the rest is used.
 * @param installedAs what it is called where it has no manifest and is a plugin all the same; null: then it is none
 */
export async function readPlugin(
  folder: string,
  parse: FrontmatterParser,
  installedAs: string | null = null,
): Promise<ReadPlugin> {
  const manifest = readManifest(folder) ?? withoutManifest(folder, installedAs);
  if (manifest === null) return { plugin: null, problems: [] };
  if ('detail' in manifest) return { plugin: null, problems: [manifest] };
  const { fields, description, version } = manifest;
  const name = manifest.name ?? basename(folder);
  const [commands, skills, agents, rules] = (['commands', 'skills', 'agents', 'rules'] as const).map((part) =>
    placesOf(folder, part, fields[part]),
  );
  const servers = placesOf(folder, '.mcp.json', fields['mcpServers']);
  const outside = [commands, skills, agents, rules, servers].flatMap((places) => places?.outside ?? []);
  const read = await Promise.all(
    (commands?.paths ?? []).map((place) => readCommands(place, { plugin: name, root: folder, parse })),
  );
  const hooks = readHooks(folder, manifest.path, fields['hooks']);
  const inManifest = isRecord(fields['mcpServers']) ? [manifest.path] : [];
  const told = await readRules(rules?.paths ?? [], folder, parse);
  const skillFolders = await present(skills?.paths ?? []);
  const taught = await readSkills(skillFolders, parse);
  return {
    plugin: {
      name,
      path: folder,
      description,
      version,
      commands: read.flatMap((each) => each.commands),
      skillFolders,
      skillsNameFolder: taught.nameFolder,
      agentFolders: await present(agents?.paths ?? []),
      hooks: hooks.hooks,
      rules: told.rules,
      serverFiles: [...inManifest, ...(await present(servers.paths))],
      unadapted: [
        ...(await unadaptedParts(folder, fields)),
        ...oddParts(fields),
        ...hooks.unadapted,
        ...read.flatMap((each) => each.unadapted),
        ...taught.unadapted,
        ...outside.map((path) => `${path} is not used: it lies outside of the plugin.`),
      ],
    },
    problems: [...hooks.problems, ...read.flatMap((each) => each.problems), ...taught.problems, ...told.problems],
  };
}

/** Its parts lie where they usually do. */
function withoutManifest(folder: string, name: string | null): Manifest | PluginProblem | null {
  if (name === null) return null;
  if (!existsSync(folder)) return { path: folder, detail: 'Claude Code has it on its list, and it is not there' };
  return { name, description: '', version: null, fields: {}, path: folder };
}

/** What in the manifest stands where a path is understood, and is none. */
function oddParts(fields: Record<string, unknown>): string[] {
  const isPath = (value: unknown): boolean => typeof value === 'string';
  const isInline = (value: unknown): boolean => isPath(value) || isRecord(value);
  return [
    ...(['commands', 'skills', 'agents', 'rules'] as const).map((part) => ({ part, isUnderstood: isPath })),
    { part: 'hooks' as const, isUnderstood: isInline },
  ].flatMap(({ part, isUnderstood }) =>
    fields[part] === undefined || [fields[part]].flat().every(isUnderstood)
      ? []
      : [`Its manifest says under "${part}" something else than paths, which is not used.`],
  );
}

async function present(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(async (path) => ((await exists(path)) ? [join(path)] : [])));
  return found.flat();
}
