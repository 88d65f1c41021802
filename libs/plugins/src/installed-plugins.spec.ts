import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PluginHome } from '../testing/plugin-home.js';
import type { PluginList } from './plugin.js';

let files: PluginHome;
let home: string;

beforeEach(async () => {
  files = await PluginHome.create();
  home = files.path;
});
afterEach(() => files.remove());

const write = (path: string, content: string | object): Promise<void> => files.write(path, content);
const found = (): Promise<PluginList> => files.found();

describe('plugins that Claude Code has installed', () => {
  it('are those too that Claude Code has installed for the person; those of projects are kept apart', async () => {
    for (const name of ['one', 'two', 'three', 'four']) await write(`claude/${name}/plugin.json`, { name });
    const at = (name: string) => ({ installPath: join(home, 'claude', name) });
    const projectPath = join(home, 'project');
    await write('claude/installed_plugins.json', {
      version: 2,
      plugins: {
        'one@market': at('one'),
        'two@market': [
          { scope: 'user', ...at('two') },
          { scope: 'project', projectPath, ...at('three') },
        ],
        'four@market': [{ scope: 'local', projectPath, ...at('four') }],
      },
    });
    const list = await found();
    expect(list.plugins.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(list.ofProjects).toEqual([
      { name: 'two', path: join(home, 'claude', 'three'), projectPath, isSwitchedOff: false },
      { name: 'four', path: join(home, 'claude', 'four'), projectPath, isSwitchedOff: false },
    ]);
    expect(list.problems).toEqual([]);
  });

  it.each([
    [{ scope: 'project' }, 'is for a project, and has no full path "projectPath"'],
    [{ scope: 'local', projectPath: 'here' }, 'is for a project, and has no full path "projectPath"'],
    [{ scope: 'managed' }, 'has the scope "managed", which is not followed'],
    [{ installPath: 'cache/one' }, 'has no full path "installPath"'],
    [{ installPath: 7 }, 'has no full path "installPath"'],
    [7, 'is no object'],
  ])('are not what Claude Code lists as %j, which is named', async (install, detail) => {
    await write('cache/one/plugin.json', { name: 'one' });
    const installPath = join(home, 'cache', 'one');
    const entry = typeof install === 'number' ? install : { installPath, ...install };
    await write('claude/installed_plugins.json', { version: 2, plugins: { 'one@market': [entry] } });
    const path = join(home, 'claude', 'installed_plugins.json');
    expect(await found()).toMatchObject({
      plugins: [],
      ofProjects: [],
      problems: [{ path, detail: `its entry for "one@market" ${detail}` }],
    });
  });

  it.each([
    ['nobody', {}, {}, {}, false],
    ['the person', { kit: false }, {}, {}, true],
    ['the project, whatever the person says', { kit: true }, { kit: false }, {}, true],
    ['the person for it, whatever it says', {}, { kit: true }, { kit: false }, true],
    ['nobody any more', { kit: false }, { kit: false }, { kit: true }, false],
  ])('of a project are switched off by %s', async (_who, ofPerson, ofProject, local, isSwitchedOff) => {
    const settings = (switches: Record<string, boolean>) => ({
      enabledPlugins: Object.fromEntries(Object.entries(switches).map(([name, value]) => [`${name}@market`, value])),
    });
    await write('settings.json', settings(ofPerson));
    await write('project/.claude/settings.json', settings(ofProject));
    await write('project/.claude/settings.local.json', settings(local));
    const install = { scope: 'project', projectPath: join(home, 'project'), installPath: join(home, 'cache', 'kit') };
    await write('claude/installed_plugins.json', { version: 2, plugins: { 'kit@market': [install] } });
    expect((await found()).ofProjects).toMatchObject([{ isSwitchedOff }]);
  });

  it('are not those that the person has switched off in Claude Code', async () => {
    for (const name of ['one', 'two']) await write(`cache/${name}/plugin.json`, { name });
    const plugins = Object.fromEntries(
      ['one', 'two'].map((name) => [`${name}@market`, { installPath: join(home, 'cache', name) }]),
    );
    await write('claude/installed_plugins.json', { version: 1, plugins });
    await write('settings.json', { enabledPlugins: { 'one@market': false, 'two@market': true } });
    const list = await found();
    expect(list.plugins.map(({ name }) => name)).toEqual(['two']);
    expect(list.switchedOff).toEqual([join(home, 'cache', 'one')]);
    expect(list.problems).toEqual([]);
    // Also not where they lie among the person's own.
    await write('claude/one/plugin.json', { name: 'one' });
    plugins['one@market'] = { installPath: join(home, 'claude', 'one') };
    await write('claude/installed_plugins.json', { version: 1, plugins });
    expect((await found()).plugins.map(({ name }) => name)).toEqual(['two']);
    await write('project/.claude/settings.json', { enabledPlugins: { 'two@market': false } });
    expect((await found()).plugins.map(({ name }) => name)).toEqual(['two']);
    await write('settings.json', '{ "enabledPlugins": ');
    expect((await found()).plugins.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  it('need no manifest where Claude Code has installed them; what is not there is named', async () => {
    await write('cache/bare/commands/go.md', 'Go.');
    await write('cache/bare/services/clock/manifest.json', {});
    const at = (name: string) => ({ scope: 'user', installPath: join(home, 'cache', name) });
    const plugins = { 'bare@market': [at('bare')], 'gone@market': [at('gone')], 'two words@market': [at('bare')] };
    await write('claude/installed_plugins.json', { version: 2, plugins });
    const { plugins: all, problems } = await found();
    expect(all.map(({ name, commands }) => [name, commands.map((command) => command.name)])).toEqual([
      ['bare', ['bare:go']],
    ]);
    expect(all[0]?.unadapted).toEqual(['Its services are not started: an agent could change it where it lies.']);
    expect(problems).toEqual([
      { path: join(home, 'claude', 'installed_plugins.json'), detail: 'it names a plugin "two words"' },
      { path: join(home, 'cache', 'gone'), detail: 'Claude Code has it on its list, and it is not there' },
    ]);
  });
});
