import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import type { McpPorts } from '@pizzapi/agent';
import { readServers, type ServerFile } from '@pizzapi/mcp';
import { type Plugin, readSmallFile, UnreadableFileError } from '@pizzapi/plugins';
import { judge, type SandboxPolicy, toolEnvironment } from '@pizzapi/sandbox';
import type { HomeLayout } from '../../config/home-layout.js';
import { projectFolders } from '../../config/project-folders.js';
import { RUNNER_VERSION } from '../../config/version.js';
import { isMissingFile } from '../../files/file-error.js';
import { PluginTrustFiles } from '../../plugin-trust/plugin-trust.files.js';
import { SERVER_MARK, SESSION_MARK } from '../../worker-state/process-table.js';

const MAX_BYTES = 1024 * 1024;

/**
 * The MCP servers of a session: those of the person's `config.json`, which win, those of plugins, and those of the project's nearest
 * `.mcp.json`.
 * @param plugins those that the session uses from its beginning; of them nobody is asked again
 * @param policy how the session's tools are confined; null: they are not
 */
export function mcpPorts(
  { configFile, consentsDir }: HomeLayout,
  cwd: string,
  plugins: readonly Plugin[],
  policy: SandboxPolicy | null,
): McpPorts {
  const project = projectFolders(cwd)
    .map((folder) => join(folder, '.mcp.json'))
    .findLast((file) => existsSync(file));
  const files: ServerFile[] = [
    { path: configFile, source: 'user' },
    ...plugins.flatMap(({ path: CLAUDE_PLUGIN_ROOT, serverFiles }) =>
      serverFiles.map((path): ServerFile => ({ path, source: 'user', variables: { CLAUDE_PLUGIN_ROOT } })),
    ),
    ...(project === undefined ? [] : [{ path: project, source: 'project' as const }]),
  ];
  return {
    list: readServers(files, (file) => contentOf(file, policy)),
    trust: new PluginTrustFiles(consentsDir, 'mcp'),
    env,
    programEnvironment: serverEnvironment,
    version: RUNNER_VERSION,
  };
}

/** Servers have a mark of their own: by the session's they would keep it from resting, and without any they could not be found once their worker is gone. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const { [SESSION_MARK]: sessionId, ...others } = toolEnvironment(env, tmpdir());
  return { ...others, [SERVER_MARK]: sessionId };
}

/** Whoever writes the project can put a link into it: its file is read as from inside of the wall. */
function contentOf({ path, source }: ServerFile, policy: SandboxPolicy | null): string | null {
  const mayRead = (real: string): boolean =>
    source === 'user' || policy === null || judge(policy, { kind: 'read', path: real }) === null;
  try {
    return readSmallFile(path, { maxBytes: MAX_BYTES, mayRead });
  } catch (error) {
    if (isMissingFile(error)) return null;
    throw error instanceof UnreadableFileError ? new Error(`${error.detail}.`, { cause: error }) : error;
  }
}
