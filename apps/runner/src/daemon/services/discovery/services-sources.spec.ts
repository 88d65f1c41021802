import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServicesFolder } from '../../../../testing/services-folder.js';
import { homeLayout, type HomeLayout } from '../../../config/home-layout.js';
import { discoverServices } from './discover-services.js';
import { type DiscoveredService, isBroken } from './discovered-service.js';
import { keepUnreadable } from './keep-unreadable.js';
import { FolderWatch } from './folder-watch.js';
import { servicesSources } from './services-sources.js';

describe('services of plugins', () => {
  let base: ServicesFolder;
  let layout: HomeLayout;
  beforeEach(() => {
    base = new ServicesFolder();
    layout = homeLayout(join(base.path, '.pizzapi'), base.path);
  });
  afterEach(() => base[Symbol.dispose]());

  const service = (id: string) => ({ 'manifest.json': { id, label: id }, 'index.ts': '' });
  const own = (folder: string, id = folder): void => base.write(`.pizzapi/services/${folder}`, service(id));
  const plugin = (path: string, manifest: unknown, ...ids: string[]): void => {
    base.write(path, manifest === undefined ? {} : { 'plugin.json': manifest });
    for (const id of ids) base.write(`${path}/services/${id}`, service(id));
  };
  const shown = (services: DiscoveredService[]): unknown[] =>
    services.map((each) => (isBroken(each) ? each.error : [each.folder, each.plugin]));
  const found = async (): Promise<unknown[]> => shown(await discoverServices(await servicesSources(layout)));

  it('are found in the three places, by name in alphabetical order, after the own ones', async () => {
    own('z');
    plugin('.claude/plugins/one', { name: 'alpha' }, 'c');
    plugin('.agents/plugins/two', { name: 'gamma' }, 'b', 'a');
    plugin('.pizzapi/plugins/three', { name: 'beta' }, 'd');
    expect(await found()).toEqual([
      ['z', null],
      ['alpha/c', 'alpha'],
      ['beta/d', 'beta'],
      ['gamma/a', 'gamma'],
      ['gamma/b', 'gamma'],
    ]);
  });

  it('are found, too, where Claude Code has installed a plugin, unless it is switched off there', async () => {
    plugin('.claude/plugins/cache/market/clock/1.0', { name: 'clock' }, 'a');
    plugin('.claude/plugins/cache/market/bare/1.0', undefined, 'b');
    plugin('.claude/plugins/cache/market/off/1.0', { name: 'off' }, 'c');
    plugin('.claude/plugins/cache/market/theirs/1.0', { name: 'theirs' }, 'd');
    plugin('code/mine', { name: 'mine' }, 'e');
    const at = (name: string) => ({ installPath: join(base.path, `.claude/plugins/cache/market/${name}/1.0`) });
    const plugins = {
      'clock@market': [{ scope: 'user', ...at('clock') }],
      'bare@market': [{ scope: 'user', ...at('bare') }],
      'off@market': [{ scope: 'user', ...at('off') }],
      'theirs@market': [{ scope: 'project', ...at('theirs') }],
      // An agent that works there could change it.
      'mine@local': [{ scope: 'user', installPath: join(base.path, 'code/mine') }],
    };
    base.write('.claude/plugins', { 'installed_plugins.json': { version: 2, plugins } });
    base.write('.claude', { 'settings.json': { enabledPlugins: { 'clock@market': true, 'off@market': false } } });
    expect(await found()).toEqual([
      ['bare/b', 'bare'],
      ['clock/a', 'clock'],
    ]);
  });

  it('of a project are none: nobody’s trust starts what would outlive the session', async () => {
    for (const root of ['.pizzapi', '.agents', '.claude'])
      plugin(`code/shop/${root}/plugins/one`, { name: 'alpha' }, 'c');
    expect(await found()).toEqual([]);
  });

  it('give way to an own one with the same id, then to an earlier plugin, and say so', async () => {
    own('mine', 'clock');
    plugin('.pizzapi/plugins/b', { name: 'b' }, 'clock', 'github');
    plugin('.agents/plugins/a', { name: 'a' }, 'github');
    expect(await found()).toEqual([
      ['mine', null],
      ['a/github', 'a'],
      'b/clock/manifest.json, field id: "clock" is taken by the folder mine',
      'b/github/manifest.json, field id: "github" is taken by the folder a/github',
    ]);
  });

  it('go by the name in .claude-plugin/plugin.json, else in plugin.json, else by the folder', async () => {
    plugin('.claude/plugins/x', { name: 'loses' }, 'a');
    base.write('.claude/plugins/x/.claude-plugin', { 'plugin.json': { name: 'wins {Cc} pp' } });
    plugin('.claude/plugins/broken', '{"name": ', 'b');
    plugin('.claude/plugins/odd', { name: 'a\nb' }, 'c');
    plugin('.claude/plugins/path', { name: 'a/b' }, 'e');
    plugin('.claude/plugins/none', undefined, 'd');
    expect(await found()).toEqual([
      ['broken/b', 'broken'],
      ['odd/c', 'odd'],
      ['path/e', 'path'],
      ['wins {Cc} pp/a', 'wins {Cc} pp'],
    ]);
  });

  it('of two plugins with one name are told apart', async () => {
    plugin('.claude/plugins/x', { name: 'x' }, 'a');
    plugin('.pizzapi/plugins/x', { name: 'x' }, 'a', 'b');
    const second = `x (${join(base.path, '.claude/plugins/x')})`;
    expect(await found()).toEqual([
      ['x/a', 'x'],
      ['x/b', 'x'],
      `${second}/a/manifest.json, field id: "a" is taken by the folder x/a`,
    ]);
  });

  it('may come by links, and what cannot be looked into hides nothing and is said', async () => {
    own('mine');
    plugin('elsewhere/real', { name: 'linked' }, 'a');
    mkdirSync(join(base.path, '.claude/plugins'), { recursive: true });
    symlinkSync(join(base.path, 'elsewhere/real'), join(base.path, '.claude/plugins/link'));
    symlinkSync('/nowhere/at/all', join(base.path, '.claude/plugins/loose'));
    writeFileSync(join(base.path, '.claude/plugins/file'), '');
    // Whom permissions stop depends on who runs this; a link to itself stops everybody.
    const [plugins, ofOne] = [join(base.path, '.agents/plugins'), join(base.path, '.claude/plugins/closed/services')];
    mkdirSync(join(base.path, '.agents'));
    symlinkSync(plugins, plugins);
    plugin('.claude/plugins/closed', { name: 'closed' });
    symlinkSync(ofOne, ofOne);
    const cannot = 'cannot be looked into, so no service in it is found (ELOOP: too many symbolic links encountered';
    expect(await found()).toEqual([
      ['mine', null],
      ['linked/a', 'linked'],
      expect.stringContaining(`${ofOne}: ${cannot}`),
      expect.stringContaining(`${plugins}: ${cannot}`),
    ]);
  });

  it('that were found stay while their folder cannot be looked into, the own ones too', async () => {
    own('mine');
    plugin('.claude/plugins/x', { name: 'x' }, 'a');
    plugin('.pizzapi/plugins/y', { name: 'y' }, 'a', 'b');
    const before = await discoverServices(await servicesSources(layout));
    for (const dir of [layout.servicesDir, join(base.path, '.claude/plugins')]) {
      renameSync(dir, `${dir}-before`);
      symlinkSync(dir, dir);
    }
    const sources = await servicesSources(layout);
    expect(shown(keepUnreadable(await discoverServices(sources), before, sources))).toEqual([
      ['mine', null],
      ['x/a', 'x'],
      ['y/b', 'y'],
      expect.stringContaining(layout.servicesDir),
      expect.stringContaining('.claude/plugins: '),
    ]);
  });

  it('are watched like the others', async () => {
    let changes = 0;
    const watch = new FolderWatch({
      sources: () => servicesSources(layout),
      onChange: () => Promise.resolve(void (changes += 1)),
      onError: (error) => expect.unreachable(String(error)),
      intervalMs: 5,
    });
    watch.start();
    await expect.poll(() => changes).toBe(1);
    plugin('.claude/plugins/x', { name: 'x' }, 'a');
    await expect.poll(() => changes).toBe(2);
    plugin('.claude/plugins/x', { name: 'renamed' });
    await expect.poll(() => changes).toBe(3);
    base.remove('.claude/plugins/x');
    await expect.poll(() => changes).toBe(4);
    base.remove('.claude/plugins');
    symlinkSync(join(base.path, '.claude/plugins'), join(base.path, '.claude/plugins'));
    await expect.poll(() => changes).toBe(5);
    watch.stop();
  });
});
