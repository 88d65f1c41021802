import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readAllCommands } from './commands.js';
import { readHooks } from './hooks/read-hooks.js';
import { isInside, isRecord, type Manifest, type Places, placesOf, readManifest } from './manifest.js';
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
  const commands = placesOf(folder, 'commands', fields['commands'], true);
  const agents = placesOf(folder, 'agents', fields['agents'], true);
  const skills = skillPlaces(folder, fields['skills']);
  const rules = placesOf(folder, 'rules', fields['rules']);
  const servers = placesOf(folder, '.mcp.json', fields['mcpServers']);
  const all = [commands, skills, agents, rules, servers];
  const read = await readAllCommands(commands.paths, fields['commands'], { plugin: name, root: folder, parse });
  // pi's word.
  const areSkills = name === 'skill';
  const hooks = readHooks(folder, manifest.path, fields['hooks']);
  const inManifest = isRecord(fields['mcpServers']) ? [manifest.path] : [];
  const told = await readRules(rules.paths, folder, parse);
  const skillFolders = await present(skills.paths);
  const taught = await readSkills(skillFolders, parse);
  return {
    plugin: {
      name,
      path: folder,
      description,
      version,
      commands: areSkills ? [] : read.commands,
      skillFolders,
      skillsNameFolder: taught.nameFolder,
      agentFolders: await present(agents.paths),
      hooks: hooks.hooks,
      rules: told.rules,
      serverFiles: [...inManifest, ...(await present(servers.paths))],
      unadapted: [
        ...(await unadaptedParts(folder, fields)),
        ...oddParts(fields),
        ...(areSkills && read.commands.length > 0
          ? [`Its commands are not offered: what begins with /${name}: is for skills.`]
          : []),
        ...(await replacedParts(folder, { commands, agents })),
        ...hooks.unadapted,
        ...read.unadapted,
        ...taught.unadapted,
        ...told.unadapted,
        ...all.flatMap(({ outside }) => outside).map((path) => `${path} is not used: it lies outside of the plugin.`),
      ],
    },
    problems: [
      ...hooks.problems,
      ...read.problems,
      ...taught.problems,
      ...told.problems,
      ...(await missing(all.flatMap(({ named }) => named))),
    ],
  };
}

/** Where it has no other, the plugin may be a skill as a whole. */
function skillPlaces(folder: string, named: unknown): Places {
  const isOne = named === undefined && !existsSync(join(folder, 'skills')) && existsSync(join(folder, 'SKILL.md'));
  return isOne ? { paths: [folder], outside: [], named: [] } : placesOf(folder, 'skills', named);
}

/** Usual folders that are there, and for which the manifest names others: as with Claude Code they are not read. */
async function replacedParts(folder: string, parts: Readonly<Record<string, Places>>): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(parts).map(async ([part, { paths }]) => {
      const usual = join(folder, part);
      const isRead = paths.some((path) => isInside(path, usual) || isInside(usual, path));
      return !isRead && (await exists(usual)) ? [`Its folder "${part}" is not read: its manifest names others.`] : [];
    }),
  );
  return found.flat();
}

/** What the manifest names and nobody finds. */
async function missing(paths: readonly string[]): Promise<PluginProblem[]> {
  const found = await Promise.all(
    paths.map(async (path) =>
      (await exists(path)) ? [] : [{ path, detail: 'the manifest names it, and it cannot be read' }],
    ),
  );
  return found.flat();
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
    ...(['skills', 'agents', 'rules'] as const).map((part) => ({ part, isUnderstood: isPath })),
    ...(['commands', 'hooks', 'mcpServers'] as const).map((part) => ({ part, isUnderstood: isInline })),
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
