import { userInfo } from 'node:os';
import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type JudgedPlugin, readPlugins, readPluginToTrust, readProjectPlugins } from '@pizzapi/agent';
import { isMissingFile } from '../../files/file-error.js';
import { installedPlugins } from '@pizzapi/plugins';
import { projectFolders } from '../../config/project-folders.js';
import type { HomeLayout } from '../../config/home-layout.js';
import { ConfiguredTrust } from '../../plugin-trust/configured-trust.js';
import { PluginTrustFiles } from '../../plugin-trust/plugin-trust.files.js';
import type { Command } from '../arguments.js';
import { abilitiesText, pluginsText, projectPluginsText, trustedText } from './plugins-text.js';

interface Said {
  text: string;
  isFailed: boolean;
}

type PluginsCommand = Extract<Command, { name: `plugins${string}` }>;

const said = (text: string): Said => ({ text, isFailed: false });
const failed = (text: string): Said => ({ text, isFailed: true });

/** Does what `pizzapi plugins …` is asked. */
export async function runPluginsCommand(command: PluginsCommand, layout: HomeLayout, cwd: string): Promise<Said> {
  const trust = new PluginTrustFiles(layout.consentsDir);
  switch (command.name) {
    case 'plugins':
      return said(await listed(layout, trust, cwd));
    case 'plugins-trusted':
      return said(trustedText(trust.all, configured(layout, trust), layout.configFile));
    case 'plugins-untrust':
      return untrusted(layout, trust, realPath(resolve(cwd, command.path)));
    case 'plugins-trust':
      return trusted(layout, trust, resolve(cwd, command.path));
  }
}

function configured({ configFile }: HomeLayout, trust: PluginTrustFiles): JudgedPlugin[] {
  return new ConfiguredTrust(trust, configFile).listed;
}

/** What stands in a file of the person's, the person takes out of it. */
function untrusted(layout: HomeLayout, trust: PluginTrustFiles, path: string): Said {
  const isForgotten = trust.forget(path);
  if (configured(layout, trust).some((each) => each.path === path))
    return failed(`${path} is still trusted by "trustedPlugins" of ${layout.configFile}: take it out there.\n`);
  return isForgotten ? said(`Forgotten: ${path}\n`) : failed(`Nothing was said about ${path}.\n`);
}

async function listed(layout: HomeLayout, trust: PluginTrustFiles, cwd: string): Promise<string> {
  const { pluginRoots, installedPluginsFile } = layout;
  const own = await readPlugins({ roots: pluginRoots, installedFile: installedPluginsFile });
  const places = { own: pluginRoots, installed: own.ofProjects ?? [], plugins: own.plugins };
  const project = await readProjectPlugins(projectFolders(cwd), places);
  const all = new ConfiguredTrust(trust, layout.configFile);
  project.problems.push(...all.problemsWith(project.plugins));
  return pluginsText(own, pluginRoots) + projectPluginsText(project, all);
}

async function trusted(layout: HomeLayout, trust: PluginTrustFiles, folder: string): Promise<Said> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return failed(`${folder} is no folder. "pizzapi plugins" lists the plugins of this folder's project.\n`);
  const { ofProjects } = installedPlugins(layout.installedPluginsFile);
  const installed = ofProjects.find(({ path }) => realPath(path) === realPath(folder));
  const { plugin: found, problems } = await readPluginToTrust(folder, installed?.name ?? null);
  if (found === null)
    return failed(
      `${folder} is not trusted: ${problems[0]?.detail ?? 'it holds no plugin.json and no .claude-plugin/plugin.json'}.\n`,
    );
  const { plugin, hash } = found;
  trust.remember({ path: plugin.path, hash }, 'trusted', { name: userInfo().username });
  return said(`Trusted as it is now: ${plugin.name} (${plugin.path})\n${abilitiesText(found)}`);
}

/** What is gone can be forgotten, too. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (isMissingFile(error)) return path;
    throw error;
  }
}
