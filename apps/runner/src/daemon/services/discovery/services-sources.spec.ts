import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServicesFolder } from '../../../../testing/services-folder.js';
import { homeLayout, type HomeLayout } from '../../../config/home-layout.js';
import { discoverServices } from './discover-services.js';
import { isBroken } from './discovered-service.js';
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
  const found = async (): Promise<unknown[]> =>
    (await discoverServices(await servicesSources(layout))).map((each) =>
      isBroken(each) ? each.error : [each.folder, each.plugin],
    );

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

  it('may come by links, and what cannot be looked into hides nothing', async () => {
    own('mine');
    plugin('elsewhere/real', { name: 'linked' }, 'a');
    mkdirSync(join(base.path, '.claude/plugins'), { recursive: true });
    symlinkSync(join(base.path, 'elsewhere/real'), join(base.path, '.claude/plugins/link'));
    symlinkSync('/nowhere/at/all', join(base.path, '.claude/plugins/loose'));
    writeFileSync(join(base.path, '.claude/plugins/file'), '');
    plugin('.agents/plugins/locked', { name: 'locked' }, 'b');
    chmodSync(join(base.path, '.agents/plugins'), 0o000);
    try {
      expect(await found()).toEqual(
        expect.arrayContaining([
          ['mine', null],
          ['linked/a', 'linked'],
        ]),
      );
    } finally {
      chmodSync(join(base.path, '.agents/plugins'), 0o755);
    }
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
    watch.stop();
  });
});
