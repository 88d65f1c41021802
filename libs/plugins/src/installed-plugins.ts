import { dirname, isAbsolute, join } from 'node:path';
import { isPluginName, isRecord, parsed, readPart } from './manifest.js';
import type { InstalledPlugin, PluginProblem, ProjectInstall } from './plugin.js';

export interface InstalledPlugins {
  plugins: InstalledPlugin[];
  /** Nothing of them is used until somebody trusts them, in their project. */
  ofProjects: ProjectInstall[];
  /** Those that the person has switched off in Claude Code's settings. */
  switchedOff: InstalledPlugin[];
  problems: PluginProblem[];
}

type Switches = Record<string, unknown>;

/** Reads Claude Code's list, which has one entry for each plugin (version 1) or several (version 2), and which of them are switched off. */
export function installedPlugins(listFile: string): InstalledPlugins {
  const found: InstalledPlugins = { plugins: [], ofProjects: [], switchedOff: [], problems: [] };
  const problem = (detail: string): void => void found.problems.push({ path: listFile, detail });
  const text = readPart(listFile);
  if (text === null) return found;
  if (typeof text !== 'string') return { ...found, problems: [text] };
  const list = parsed(text);
  const entries = isRecord(list) ? list['plugins'] : undefined;
  if (!isRecord(entries)) {
    problem('its field "plugins" must be an object');
    return found;
  }
  const ofPerson = switchesIn(join(dirname(listFile), '..', 'settings.json'));
  for (const [key, entry] of Object.entries(entries)) {
    const [name = ''] = key.split('@');
    const shown = JSON.stringify(key).slice(0, 100);
    if (!isPluginName(name)) {
      problem(`it names a plugin ${JSON.stringify(name).slice(0, 100)}`);
      continue;
    }
    for (const install of [entry].flat()) {
      const read = readInstall(name, install);
      if (typeof read === 'string') problem(`its entry for ${shown} ${read}`);
      else if (read.projectPath !== null)
        found.ofProjects.push(ofProject({ ...read, projectPath: read.projectPath }, key, ofPerson));
      else (ofPerson[key] === false ? found.switchedOff : found.plugins).push({ name, path: read.path });
    }
  }
  return found;
}

/** A text is why it is not used, as the end of a sentence. */
function readInstall(name: string, install: unknown): (InstalledPlugin & { projectPath: string | null }) | string {
  if (!isRecord(install)) return 'is no object';
  const { scope = 'user', installPath: path, projectPath } = install;
  if (typeof path !== 'string' || !isAbsolute(path)) return 'has no full path "installPath"';
  if (scope === 'user') return { name, path, projectPath: null };
  if (scope !== 'project' && scope !== 'local')
    return `has the scope ${JSON.stringify(scope).slice(0, 100)}, which is not followed`;
  return typeof projectPath === 'string' && isAbsolute(projectPath)
    ? { name, path, projectPath }
    : 'is for a project, and has no full path "projectPath"';
}

/** The nearest of the settings that say anything counts. */
function ofProject(install: Omit<ProjectInstall, 'isSwitchedOff'>, key: string, ofPerson: Switches): ProjectInstall {
  const files = ['settings.local.json', 'settings.json'].map((file) => join(install.projectPath, '.claude', file));
  const said = [...files.map(switchesIn), ofPerson].map((switches) => switches[key]);
  return { ...install, isSwitchedOff: said.find((value) => typeof value === 'boolean') === false };
}

/** Settings that cannot be read are Claude Code's to complain of. */
function switchesIn(settingsFile: string): Switches {
  const text = readPart(settingsFile);
  const settings = typeof text === 'string' ? parsed(text) : null;
  const switches = isRecord(settings) ? settings['enabledPlugins'] : null;
  return isRecord(switches) ? switches : {};
}
