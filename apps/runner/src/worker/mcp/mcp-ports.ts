import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import type { McpPorts } from '@pizzapi/agent';
import { readServers, type ServerFile } from '@pizzapi/mcp';
import { toolEnvironment } from '@pizzapi/sandbox';
import type { HomeLayout } from '../../config/home-layout.js';
import { projectFolders } from '../../config/project-folders.js';
import { PluginTrustFiles } from '../../plugin-trust/plugin-trust.files.js';

/** The MCP servers of a session: those of the person's `config.json`, which win, and those of the project's nearest `.mcp.json`. */
export function mcpPorts({ configFile, consentsDir }: HomeLayout, cwd: string): McpPorts {
  const project = projectFolders(cwd)
    .map((folder) => join(folder, '.mcp.json'))
    .findLast((file) => existsSync(file));
  const files: ServerFile[] = [
    { path: configFile, source: 'user' },
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
