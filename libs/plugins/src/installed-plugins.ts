import { dirname, isAbsolute, join } from 'node:path';
import { isPluginName, isRecord, parsed, readPart } from './manifest.js';
import type { PluginProblem } from './plugin.js';

/** A plugin that Claude Code has installed for the person. */
export interface InstalledPlugin {
  /** As Claude Code calls it; what its manifest says counts before. */
  name: string;
  /** Its folder, in full. */
  path: string;
}

export interface InstalledPlugins {
  plugins: InstalledPlugin[];
  /** Those that the person has switched off in Claude Code's settings. */
  switchedOff: InstalledPlugin[];
  problems: PluginProblem[];
}

/** Reads Claude Code's list, which has one entry for each plugin (version 1) or several (version 2), and which of them are switched off. */
export function installedPlugins(listFile: string): InstalledPlugins {
  const found: InstalledPlugins = { plugins: [], switchedOff: [], problems: [] };
  const text = readPart(listFile);
  if (text === null) return found;
  if (typeof text !== 'string') return { ...found, problems: [text] };
  const list = parsed(text);
  const entries = isRecord(list) ? list['plugins'] : undefined;
  if (!isRecord(entries))
    return { ...found, problems: [{ path: listFile, detail: 'its field "plugins" must be an object' }] };
  const switches = switchesIn(join(dirname(listFile), '..', 'settings.json'));
  for (const [key, entry] of Object.entries(entries)) {
    const [name = ''] = key.split('@');
    const plugins = pathsIn(entry).map((path) => ({ name, path }));
    if (!isPluginName(name) && plugins.length > 0)
      found.problems.push({ path: listFile, detail: `it names a plugin ${JSON.stringify(name).slice(0, 100)}` });
    else if (switches[key] === false) found.switchedOff.push(...plugins);
    else found.plugins.push(...plugins);
  }
  return found;
}

/** Those of the person; those of a project need trust. */
function pathsIn(entry: unknown): string[] {
  return [entry].flat().flatMap((install: unknown) => {
    if (!isRecord(install)) return [];
    const { scope = 'user', installPath } = install;
    return scope === 'user' && typeof installPath === 'string' && isAbsolute(installPath) ? [installPath] : [];
  });
}

/** Settings that cannot be read are Claude Code's to complain of. */
function switchesIn(settingsFile: string): Record<string, unknown> {
  const text = readPart(settingsFile);
  const settings = typeof text === 'string' ? parsed(text) : null;
  const switches = isRecord(settings) ? settings['enabledPlugins'] : null;
  return isRecord(switches) ? switches : {};
}
