import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxPolicy } from '@pizzapi/sandbox';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { homeLayout } from '../../config/home-layout.js';
import { endLeftovers } from '../../worker-state/end-processes.js';
import { processesOfSession } from '../../worker-state/process-table.js';
import { mcpPorts } from './mcp-ports.js';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'pizzapi-mcp-')));
  mkdirSync(join(home, 'code'));
});
afterEach(() => rmSync(home, { recursive: true }));

function write(name: string, ...servers: string[]): string {
  const path = join(home, name);
  const settings = servers.map((server) => [server, { command: '${CLAUDE_PLUGIN_ROOT}/run' }]);
  writeFileSync(path, JSON.stringify({ mcpServers: Object.fromEntries(settings) }));
  return path;
}

it('the person’s servers win over those of plugins, and those over the project’s, about which people are asked', () => {
  write('config.json', 'mine', 'same');
  write('code/.mcp.json', 'theirs', 'same', 'tickets');
  const kit = {
    name: 'kit',
    path: join(home, 'kit'),
    description: '',
    version: null,
    commands: [],
    skillFolders: [],
    skillsNameFolder: false,
    agentFolders: [],
    hooks: [],
    rules: [],
    serverFiles: [write('kit.json', 'tickets', 'same')],
    unadapted: [],
  };
  const { list } = mcpPorts(homeLayout(home, home), join(home, 'code'), [kit], null);
  expect(list.problems).toEqual([]);
  expect(list.servers.map(({ name, source, path }) => [name, source, path.slice(home.length + 1)])).toEqual([
    ['mine', 'user', 'config.json'],
    ['same', 'user', 'config.json'],
    ['tickets', 'user', 'kit.json'],
    ['theirs', 'project', join('code', '.mcp.json')],
  ]);
  expect(list.servers[2]?.settings).toEqual({ command: join(home, 'kit', 'run') });
});

it.each([
  ['a folder', (path: string) => void mkdirSync(path)],
  ['a pipe', (path: string) => void execFileSync('mkfifo', [path])],
  ['a device that has no end', (path: string) => symlinkSync('/dev/zero', path)],
])('a project’s file that is %s is named, and the person’s servers stay', (_what, make) => {
  write('config.json', 'mine');
  const path = join(home, 'code', '.mcp.json');
  make(path);
  const { list } = mcpPorts(homeLayout(home, home), join(home, 'code'), [], null);
  expect(list.servers.map(({ name }) => name)).toEqual(['mine']);
  expect(list.problems).toEqual([{ path, name: null, detail: 'cannot be read: it is no regular file.' }]);
});

it('a project’s link to what the session’s tools may not read is not followed, nor shown to anybody', () => {
  const secret = write('.claude.json', 'secret');
  const path = join(home, 'code', '.mcp.json');
  symlinkSync(secret, path);
  const policy = sandboxPolicy([], {
    cwd: join(home, 'code'),
    userHome: home,
    home: join(home, '.pizzapi'),
    temp: join(home, 'temps', 'own'),
    sessionTemps: join(home, 'temps'),
    sharedTemp: join(home, 'temps'),
    hidden: [secret],
    readable: [],
    ownPrograms: [],
  });
  const { list } = mcpPorts(homeLayout(home, home), join(home, 'code'), [], policy);
  expect(list).toMatchObject({ servers: [], project: null });
  expect(list.problems).toEqual([{ path, name: null, detail: expect.stringContaining('which the sandbox hides') }]);
  expect(mcpPorts(homeLayout(home, home), join(home, 'code'), [], null).list.servers).toHaveLength(1);
});

it.runIf(process.platform === 'linux')(
  'servers keep no session from resting, and are found when its worker is gone',
  async () => {
    const sessionId = `ses_mcp_${process.pid}`;
    vi.stubEnv('PIZZAPI_SESSION_ID', sessionId);
    const { programEnvironment } = mcpPorts(homeLayout(home, home), join(home, 'code'), [], null);
    const server = spawn('sleep', ['600'], { env: programEnvironment(), detached: true });
    vi.unstubAllEnvs();
    const ended = once(server, 'exit');
    await once(server, 'spawn');
    expect(processesOfSession(sessionId)).toEqual([]);
    await endLeftovers(sessionId);
    expect(await ended).toEqual([null, 'SIGTERM']);
  },
);
