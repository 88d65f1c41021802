import { tmpdir } from 'node:os';
import { localPrograms } from '../src/connect/local-program.js';
import type { AskPerson } from '../src/connect/server-requests.js';
import type { LendModel } from '../src/questions/model-request.js';
import { McpServers, type ServerState } from '../src/mcp-servers.js';
import type { ServerSettings } from '../src/settings/server-settings.js';

const open: McpServers[] = [];

export async function closeServers(): Promise<void> {
  for (const servers of open.splice(0)) await servers.close();
}

/** Servers of these settings, as plain processes; ended by {@link closeServers}. */
export function serversOf(
  settings: Record<string, ServerSettings>,
  mayReach = (): boolean => true,
  env: NodeJS.ProcessEnv = {},
  startTimeoutMs = 20_000,
  ask: AskPerson = () => Promise.resolve({ action: 'cancel' }),
  lendModel?: LendModel,
) {
  const states: ServerState[][] = [];
  const list = Object.entries(settings).map(([name, each]) => ({
    name,
    source: 'user' as const,
    path: '-',
    settings: each,
  }));
  const servers: McpServers = new McpServers(
    list,
    {
      cwd: tmpdir(),
      env,
      startProgram: localPrograms(() => ({})),
      mayReach,
      client: { name: 'test', version: '1' },
      startTimeoutMs,
      ask,
      ...(lendModel && { lendModel }),
    },
    () => states.push(servers.states),
  );
  open.push(servers);
  return { servers, states, stateOf: (name: string) => servers.states.find((state) => state.name === name) };
}

export const stdio = (...args: string[]): ServerSettings => ({ command: process.execPath, args });
export const script = (code: string): ServerSettings => stdio('-e', code);

/** Answers `initialize`, and then as the rest of the code says; `say` writes a message. */
export const speaking = (rest: string, capabilities = '{ tools: { listChanged: true } }'): ServerSettings =>
  script(`
    const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method, params } = JSON.parse(line);
      const answer = (result) => say({ id, result });
      if (method === 'initialize') return answer({ protocolVersion: params.protocolVersion, capabilities: ${capabilities}, serverInfo: { name: 'fake', version: '1' } });
      ${rest}
    });
  `);
export const tool = (name: string): string => `{ name: '${name}', inputSchema: { type: 'object' } }`;
