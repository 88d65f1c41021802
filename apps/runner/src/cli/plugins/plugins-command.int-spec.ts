import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { homeLayout } from '../../config/home-layout.js';
import { parseCommand } from '../arguments.js';
import { runPluginsCommand } from './plugins-command.js';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'pizzapi-cli-')));
  write('plugin.json', '{ "name": "kit" }');
  write('hooks/hooks.json', '{ "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "./check.sh" }] }] } }');
});
afterEach(() => rmSync(home, { recursive: true }));

const kit = (): string => join(home, 'code', '.claude', 'plugins', 'kit');

function write(name: string, content: string): void {
  mkdirSync(dirname(join(kit(), name)), { recursive: true });
  writeFileSync(join(kit(), name), content);
}

async function pizzapi(...args: string[]): Promise<string> {
  const command = parseCommand(['plugins', ...args]);
  if (!('name' in command && command.name.startsWith('plugins'))) throw new Error('no such command');
  const layout = homeLayout(join(home, '.pizzapi'), home);
  const { text, isFailed } = await runPluginsCommand(command as never, layout, join(home, 'code'));
  return `${isFailed ? 'failed: ' : ''}${text}`;
}

it('trusts a plugin of a project as it is now, says what was said, and forgets it', async () => {
  expect(await pizzapi()).toContain(
    `kit  (${kit()})\n  not trusted; to trust it: pizzapi plugins trust ${kit()}\n  Run at Stop: ./check.sh`,
  );
  expect(await pizzapi('trust', '.claude/plugins/kit')).toBe(
    `Trusted as it is now: kit (${kit()})\n  Run at Stop: ./check.sh\n`,
  );
  expect(await pizzapi('trusted')).toMatch(new RegExp(`^trusted  ${kit()}  [0-9a-f]{64}  \\(`));
  expect(await pizzapi()).toContain('  at Stop: ./check.sh');
  write('check.sh', 'exit 2');
  expect(await pizzapi()).toContain('not trusted');
  expect(await pizzapi('untrust', kit())).toBe(`Forgotten: ${kit()}\n`);
  expect(await pizzapi('untrust', kit())).toBe(`failed: Nothing was said about ${kit()}.\n`);
  expect(await pizzapi('trusted')).toBe('Nothing was said about any plugin of a project.\n');
});

it('says what config.json trusts, which it does not take out of it', async () => {
  await pizzapi('trust', '.claude/plugins/kit');
  const [, hash = ''] = /([0-9a-f]{64})/.exec(await pizzapi('trusted')) ?? [];
  const file = join(home, '.pizzapi', 'config.json');
  writeFileSync(file, JSON.stringify({ trustedPlugins: [{ path: kit(), hash }] }));
  expect(await pizzapi('untrust', kit())).toBe(
    `failed: ${kit()} is still trusted by "trustedPlugins" of ${file}: take it out there.\n`,
  );
  expect(await pizzapi('trusted')).toBe(`trusted  ${kit()}  ${hash}  (${file})\n`);
  writeFileSync(file, '{}');
  expect(await pizzapi('trusted')).toBe('Nothing was said about any plugin of a project.\n');
});

it('does not trust what is no plugin, or what cannot be vouched for', async () => {
  expect(await pizzapi('trust', '.claude/plugins')).toContain(
    'it holds no plugin.json and no .claude-plugin/plugin.json',
  );
  expect(await pizzapi('trust', '.claude/plugins/kti')).toBe(
    `failed: ${join(dirname(kit()), 'kti')} is no folder. "pizzapi plugins" lists the plugins of this folder's project.\n`,
  );
  symlinkSync('/etc', join(kit(), 'etc'));
  expect(await pizzapi('trust', kit())).toContain('is a link that leads out of it, or nowhere');
  expect(await pizzapi()).toContain('Not used: ');
});

it('shows and trusts what Claude Code has installed for the project, and says what is for another', async () => {
  const cache = (name: string): string => join(home, '.claude', 'plugins', 'cache', name);
  for (const name of ['bare', 'other', 'off']) {
    mkdirSync(join(cache(name), 'commands'), { recursive: true });
    writeFileSync(join(cache(name), 'commands', 'go.md'), 'Go.');
  }
  const install = (name: string, projectPath: string): object => ({
    [`${name}@market`]: [{ scope: 'project', installPath: cache(name), projectPath: join(home, projectPath) }],
  });
  const plugins = { ...install('bare', 'code'), ...install('other', 'elsewhere'), ...install('off', 'code') };
  writeFileSync(join(home, '.claude', 'plugins', 'installed_plugins.json'), JSON.stringify({ version: 2, plugins }));
  const settings = { enabledPlugins: { 'off@market': false } };
  writeFileSync(join(home, 'code', '.claude', 'settings.json'), JSON.stringify(settings));
  const listed = await pizzapi();
  expect(listed).toContain(
    `bare  (${cache('bare')})\n  not trusted; to trust it: pizzapi plugins trust ${cache('bare')}`,
  );
  expect(listed).toContain(`Not used: ${cache('off')}: it is switched off in Claude Code's settings.`);
  expect(listed).toContain(
    `\nOf other projects:\n\nNot used here: ${cache('other')}: Claude Code has installed it for ${join(home, 'elsewhere')} alone.\n`,
  );
  expect(await pizzapi('trust', cache('bare'))).toContain(`Trusted as it is now: bare (${cache('bare')})`);
  expect(await pizzapi()).toContain(`bare  (${cache('bare')})\n  /bare:go`);
});
