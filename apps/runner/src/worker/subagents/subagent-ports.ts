import { homedir } from 'node:os';
import { join } from 'node:path';
import { SubagentSettings, type SubagentPorts } from '@pizzapi/agent';
import type { Plugin } from '@pizzapi/plugins';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { checkedConfig, readConfigJson } from '../../config/config-file.js';
import type { HomeLayout } from '../../config/home-layout.js';
import { projectFolders, withoutLinks } from '../../config/project-folders.js';
import { AgentConsentFiles } from './agent-consent.files.js';

/** Other parts of the product keep their own fields in the file. */
const validator = Compile(Type.Object({ subagents: Type.Optional(SubagentSettings) }));

/** Where a session's subagents come from, and what bounds them: the user's `config.json` alone, no project's. @throws ConfigError */
export function subagentPorts(layout: HomeLayout, cwd: string, plugins: readonly Plugin[]): SubagentPorts {
  const { configFile, agentFilesDir, claudeAgentsDir, consentsDir, compileCacheDir } = layout;
  const { subagents } = checkedConfig(validator, readConfigJson(configFile) ?? {}, configFile);
  return {
    folders: [
      { path: agentFilesDir, source: 'user' },
      { path: claudeAgentsDir, source: 'user' },
      ...plugins.flatMap(({ name: plugin, path: root, agentFolders }) =>
        agentFolders.map((path) => ({ path, source: 'user' as const, plugin, root })),
      ),
      ...ofProject(cwd, [agentFilesDir, claudeAgentsDir]),
    ],
    consents: new AgentConsentFiles(consentsDir),
    compileCacheDir,
    ...subagents,
  };
}

/** Of the session's folder, then of those above it up to the repository's root: what is nearer comes first. */
function ofProject(cwd: string, ofUser: readonly string[]): SubagentPorts['folders'] {
  const own = [...ofUser, join(homedir(), '.pizzapi', 'agents')].map(withoutLinks);
  return projectFolders(cwd)
    .reverse()
    .flatMap((folder) => ['.pizzapi', '.claude'].map((base) => join(folder, base, 'agents')))
    .filter((path) => !own.includes(withoutLinks(path)))
    .map((path) => ({ path, source: 'project' }));
}
