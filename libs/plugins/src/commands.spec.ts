import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PluginHome } from '../testing/plugin-home.js';

let files: PluginHome;
let home: string;

beforeEach(async () => {
  files = await PluginHome.create();
  home = join(files.path, 'mine', 'kit');
});
afterEach(() => files.remove());

const write = (path: string, content: string | object): Promise<void> => files.write(`mine/kit/${path}`, content);

describe('commands of a plugin', () => {
  it('may be described by its manifest, by their files or their texts', async () => {
    const commands = {
      go: {
        source: './texts/go.md',
        description: 'Goes.',
        argumentHint: '<where>',
        allowedTools: ['Bash(ls)'],
        model: 'x',
      },
      say: { content: 'Say $0.' },
      both: { source: './a.md', content: 'x' },
      none: {},
      out: { source: '../out.md' },
      'two words': { content: 'x' },
    };
    await write('plugin.json', { name: 'kit', commands });
    await write('texts/go.md', '---\ndescription: Not this.\n---\nGo to ${CLAUDE_PLUGIN_ROOT}.');
    await write('commands/usual.md', 'x');
    const { plugins, problems } = await files.found();
    expect(plugins[0]?.commands).toMatchObject([
      {
        name: 'kit:go',
        description: 'Goes.',
        argumentHint: '<where>',
        allowedTools: ['Bash(ls)'],
        content: `Go to ${home}.`,
      },
      { name: 'kit:say', content: 'Say $0.' },
    ]);
    expect(plugins[0]?.unadapted).toEqual([
      'Its folder "commands" is not read: its manifest names others.',
      '/kit:go: the field "model" is not followed.',
      `${join(files.path, 'mine', 'out.md')} is not used: it lies outside of the plugin.`,
    ]);
    expect(problems.map(({ detail }) => detail)).toEqual([
      'its command "both" needs a text "source" or "content"',
      'its command "none" needs a text "source" or "content"',
      'its name must be letters, digits and _ . -',
    ]);
  });

  it('of one name are one, and the other is named', async () => {
    await write('plugin.json', { name: 'kit', commands: ['./a', './b', './a/go.md'] });
    for (const folder of ['a', 'b']) await write(`${folder}/go.md`, folder);
    const { plugins, problems } = await files.found();
    expect(plugins[0]?.commands).toMatchObject([{ name: 'kit:go', content: 'a' }]);
    expect(problems).toEqual([
      { path: join(home, 'b/go.md'), detail: `${join(home, 'a/go.md')} has the same name and comes first` },
    ]);
  });

  it('may be links within the plugin; others are named', async () => {
    await write('plugin.json', { name: 'kit' });
    await write('texts/a.md', 'One.');
    await files.write('outside.md', 'Secret.');
    await mkdir(join(home, 'commands'));
    const links = { 'a.md': '../texts/a.md', 'b.md': '../../../outside.md', 'c.md': 'none', more: '../texts' };
    for (const [name, target] of Object.entries(links)) await symlink(target, join(home, 'commands', name));
    const { plugins, problems } = await files.found();
    expect(plugins[0]?.commands).toMatchObject([{ name: 'kit:a', content: 'One.' }]);
    expect(new Map(problems.map(({ path, detail }) => [path.slice(home.length + 10), detail]))).toEqual(
      new Map([
        ['b.md', 'it is a link that leads out of the plugin'],
        ['c.md', 'it is a link to nothing'],
        ['more', 'it is a link to a folder'],
      ]),
    );
  });

  it('do not stand before skills', async () => {
    await write('plugin.json', { name: 'skill' });
    await write('commands/pdf.md', 'x');
    expect((await files.found()).plugins).toMatchObject([
      { commands: [], unadapted: ['Its commands are not offered: what begins with /skill: is for skills.'] },
    ]);
  });
});

it('what a rule says of itself and nobody follows is listed', async () => {
  await write('plugin.json', { name: 'kit' });
  await write('rules/ts.md', '---\npaths: **/*.ts\nalwaysApply: true\n---\nNo any.');
  expect((await files.found()).plugins[0]?.unadapted).toEqual([
    'The rule rules/ts.md: the field "alwaysApply" is not followed.',
  ]);
});
