import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import type { McpPorts } from '@pizzapi/agent';
import { readServers, type ServerFile } from '@pizzapi/mcp';
import type { Plugin } from '@pizzapi/plugins';
import { toolEnvironment } from '@pizzapi/sandbox';
import type { HomeLayout } from '../../config/home-layout.js';
import { projectFolders } from '../../config/project-folders.js';
import { PluginTrustFiles } from '../../plugin-trust/plugin-trust.files.js';

/**
 * The MCP servers of a session: those of the person's `config.json`, which win, those of plugins, and those of the project's nearest
 * `.mcp.json`.
 * @param plugins those that the session uses from its beginning; of them nobody is asked again
 */
export function mcpPorts({ configFile, consentsDir }: HomeLayout, cwd: string, plugins: readonly Plugin[]): McpPorts {
  const project = projectFolders(cwd)
    .map((folder) => join(folder, '.mcp.json'))
    .findLast((file) => existsSync(file));
  const files: ServerFile[] = [
    { path: configFile, source: 'user' },
    ...plugins.flatMap(({ path: CLAUDE_PLUGIN_ROOT, serverFiles }) =>
      serverFiles.map((path): ServerFile => ({ path, source: 'user', variables: { CLAUDE_PLUGIN_ROOT } })),
    ),
    ...(project === undefined ? [] : [{ path: realpathSync(project), source: 'project' as const }]),
  ];
  return {
    list: readServers(files),
    trust: new PluginTrustFiles(consentsDir, 'mcp'),
    env,
    // The mark of what an agent started would keep the session from resting.
    programEnvironment: () => {
      const { PIZZAPI_SESSION_ID: _mark, ...others } = toolEnvironment(env, tmpdir());
      return others;
    },
  };
}
