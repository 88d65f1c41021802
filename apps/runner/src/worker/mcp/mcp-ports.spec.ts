import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { homeLayout } from '../../config/home-layout.js';
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
    agentFolders: [],
    hooks: [],
    rules: [],
    serverFiles: [write('kit.json', 'tickets', 'same')],
    unadapted: [],
  };
  const { list } = mcpPorts(homeLayout(home, home), join(home, 'code'), [kit]);
  expect(list.problems).toEqual([]);
  expect(list.servers.map(({ name, source, path }) => [name, source, path.slice(home.length + 1)])).toEqual([
    ['mine', 'user', 'config.json'],
    ['same', 'user', 'config.json'],
    ['tickets', 'user', 'kit.json'],
    ['theirs', 'project', join('code', '.mcp.json')],
  ]);
  expect(list.servers[2]?.settings).toEqual({ command: join(home, 'kit', 'run') });
});
