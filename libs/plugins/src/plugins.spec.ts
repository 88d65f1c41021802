import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
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

describe('a pipe where a plugin is looked for', () => {
  it.each([
    ['plugin.json', []],
    ['commands/a.md', ['deploy']],
    ['rules/a.md', ['deploy']],
    ['hooks/hooks.json', ['deploy']],
  ])('keeps nobody waiting, and is named: %s', async (file, names) => {
    if (file !== 'plugin.json') await write('mine/deploy/plugin.json', {});
    const path = join(home, 'mine', 'deploy', file);
    await mkdir(join(path, '..'), { recursive: true });
    execFileSync('mkfifo', [path]);
    const { plugins, problems } = await found();
    expect(plugins.map(({ name }) => name)).toEqual(names);
    expect(problems).toEqual([{ path, detail: 'it is no regular file' }]);
  });
});

const skill = '---\ndescription: Reads.\n---\nx';

describe('plugins', () => {
  it('are folders with a manifest, that of Claude Code before another', async () => {
    await write('mine/deploy/plugin.json', { name: 'not-this' });
    await write('mine/deploy/.claude-plugin/plugin.json', {
      name: 'deploy-kit',
      description: 'Deploys.',
      version: '1.2.0',
    });
    await write('mine/nameless/plugin.json', {});
    await write('mine/no-plugin/readme.md', 'x');
    const { plugins, problems } = await found();
    expect(plugins.map(({ name, description, version }) => [name, description, version])).toEqual([
      ['deploy-kit', 'Deploys.', '1.2.0'],
      ['nameless', '', null],
    ]);
    expect(problems).toEqual([]);
  });

  it('say what stands in their manifest where a path is understood', async () => {
    const agents = ['./a.md', 7];
    await write('mine/full/plugin.json', {
      name: 'full',
      commands: 7,
      agents,
      hooks: [{}, './more.json'],
      mcpServers: 7,
    });
    await write('mine/full/more.json', {});
    await write('mine/full/a.md', 'x');
    expect((await found()).plugins[0]?.unadapted).toEqual([
      'Its manifest says under "agents" something else than paths, which is not used.',
      'Its manifest says under "commands" something else than paths, which is not used.',
      'Its manifest says under "mcpServers" something else than paths, which is not used.',
    ]);
  });

  it('have in the place of their usual commands and agents those that their manifest names, besides their usual skills', async () => {
    for (const part of ['commands', 'agents', 'skills/a', 'skills/b']) await write(`mine/kit/${part}/SKILL.md`, skill);
    await write('mine/kit/more/go.md', 'Go.');
    await write('mine/kit/one.md', 'x');
    await write('mine/kit/plugin.json', { commands: ['./more'], agents: './one.md', skills: './skills/b' });
    const { plugins, problems } = await found();
    expect(plugins[0]?.commands.map(({ name }) => name)).toEqual(['kit:go']);
    expect(plugins[0]?.agentFolders).toEqual([join(home, 'mine/kit/one.md')]);
    expect(plugins[0]?.skillFolders).toEqual([join(home, 'mine/kit/skills'), join(home, 'mine/kit/skills/b')]);
    expect(plugins[0]?.unadapted).toEqual([
      'Its folder "commands" is not read: its manifest names others.',
      'Its folder "agents" is not read: its manifest names others.',
    ]);
    expect(problems).toEqual([]);
    await write('mine/kit/plugin.json', { commands: './commands/sub', agents: ['./agents'] });
    expect((await found()).plugins[0]?.unadapted).toEqual([]);
  });

  it('name what their manifest names and nobody finds', async () => {
    const named = {
      commands: './none',
      skills: ['./none'],
      agents: './none.md',
      rules: './none',
      mcpServers: 'https://x.y/z.mcpb',
    };
    await write('mine/kit/plugin.json', named);
    const { plugins, problems } = await found();
    const detail = 'the manifest names it, and it cannot be read';
    expect(new Set(problems.map(({ path }) => path.slice(home.length + 1)))).toEqual(
      new Set(['mine/kit/none', 'mine/kit/none.md']),
    );
    expect(problems.every((each) => each.detail === detail)).toBe(true);
    expect(plugins[0]?.unadapted).toEqual(['https://x.y/z.mcpb is not used: it lies outside of the plugin.']);
  });

  it('may be one skill as a whole', async () => {
    await write('mine/kit/plugin.json', {});
    await write('mine/kit/SKILL.md', skill);
    expect((await found()).plugins[0]?.skillFolders).toEqual([join(home, 'mine/kit')]);
    await write('mine/kit/skills/a/SKILL.md', skill);
    expect((await found()).plugins[0]?.skillFolders).toEqual([join(home, 'mine/kit/skills')]);
  });

  it('of one name are one, the first; damaged ones are named, with the reason', async () => {
    await write('mine/a/plugin.json', { name: 'same' });
    await write('claude/b/plugin.json', { name: 'same' });
    await write('mine/bad/plugin.json', '{ "name": ');
    await write('mine/odd/plugin.json', { name: 'two words' });
    await write('claude/installed_plugins.json', '[]');
    const { plugins, problems } = await found();
    expect(plugins.map(({ path }) => path)).toEqual([join(home, 'mine', 'a')]);
    expect(problems.map(({ path, detail }) => [path.slice(home.length + 1), detail])).toEqual([
      ['claude/installed_plugins.json', 'its field "plugins" must be an object'],
      ['mine/bad/plugin.json', 'it is not a JSON object'],
      ['mine/odd/plugin.json', 'its field "name" must be letters, digits and _ . -'],
      ['claude/b', `${join(home, 'mine', 'a')} has the same name and comes first`],
    ]);
  });

  it('say what of them is not used', async () => {
    await write('mine/full/plugin.json', { name: 'full', mcpServers: {}, commands: ['./commands', '../outside'] });
    await write('mine/full/hooks/hooks.json', {});
    await write('mine/full/commands/go.md', '---\nmodel: haiku\nallowed-tools: Bash\n---\nSee !`git status`.');
    const [plugin] = (await found()).plugins;
    expect(plugin?.unadapted).toEqual([
      '/full:go: the field "model" is not followed.',
      `${join(home, 'mine', 'outside')} is not used: it lies outside of the plugin.`,
    ]);
  });

  it('name each part and field of theirs that nothing takes up', async () => {
    await write('mine/full/plugin.json', { name: 'full', userConfig: {}, defaultEnabled: false, author: 'Ada' });
    await write('mine/full/bin/tool', '#!/bin/sh');
    await write('mine/full/themes/dark.json', {});
    expect((await found()).plugins[0]?.unadapted).toEqual([
      'Its themes are not used.',
      'Its programs in bin are not found by their names alone.',
      'What it wants to know of its user (userConfig) is not asked.',
      'The field "defaultEnabled" of its manifest is not followed.',
    ]);
  });

  it('bring files of MCP servers: the usual one, those that their manifest names, and the manifest itself', async () => {
    await write('mine/a/plugin.json', { mcpServers: ['./more.json', '../out.json'] });
    for (const file of ['.mcp.json', 'more.json']) await write(`mine/a/${file}`, {});
    await write('mine/b/plugin.json', { mcpServers: { tickets: { command: 'tickets' } } });
    const { plugins } = await found();
    expect(plugins.map(({ serverFiles }) => serverFiles.map((path) => path.slice(home.length + 1)))).toEqual([
      ['mine/a/.mcp.json', 'mine/a/more.json'],
      ['mine/b/plugin.json'],
    ]);
    expect(plugins[0]?.unadapted).toEqual([
      `${join(home, 'mine', 'out.json')} is not used: it lies outside of the plugin.`,
    ]);
  });

  it('bring folders of skills and agents, also where their manifest names others', async () => {
    await write('mine/kit/plugin.json', { name: 'kit', agents: './more-agents' });
    await write('mine/kit/skills/pdf/SKILL.md', '---\ndescription: Reads.\n---\nx');
    await write('mine/kit/more-agents/a.md', 'x');
    const [plugin] = (await found()).plugins;
    expect([plugin?.skillFolders, plugin?.agentFolders]).toEqual([
      [join(home, 'mine', 'kit', 'skills')],
      [join(home, 'mine', 'kit', 'more-agents')],
    ]);
  });
});

describe("a plugin's skills", () => {
  beforeEach(() => write('mine/kit/plugin.json', {}));
  const skill = (name: string, content: string) => write(`mine/kit/skills/${name}/SKILL.md`, content);

  it('are used for what the standard knows; the rest is listed', async () => {
    await skill('plain', '---\nname: plain\ndescription: Helps.\nlicense: MIT\n---\nPays $5 or costs `!x`.');
    await skill('pdf', '---\nname: pdf\ndescription: Reads.\ncontext: fork\n---\nSee !`ls` for $ARGUMENTS.');
    const [kit] = (await found()).plugins;
    expect(kit?.unadapted).toEqual([
      'The skill pdf: the field "context" is not followed.',
      'The skill pdf: its lines of shell are not run before the agent reads it.',
      'The skill pdf: what is said with it stands at its end, not where it says $ARGUMENTS.',
    ]);
    expect(kit?.skillsNameFolder).toBe(false);
  });

  it('may speak of where they lie', async () => {
    await skill('run', '---\ndescription: Runs.\n---\nRun ${CLAUDE_PLUGIN_ROOT}/run.sh.');
    expect((await found()).plugins[0]?.skillsNameFolder).toBe(true);
  });

  it('that cannot be loaded are named', async () => {
    await skill('a', '---\nbroken\n---\nx');
    await skill('b', 'No word of what it is for.');
    expect((await found()).problems.map(({ detail }) => detail)).toEqual([
      'its frontmatter is not valid YAML (broken)',
      'it has no text "description"',
    ]);
  });
});

describe("a plugin's commands", () => {
  beforeEach(() => write('mine/kit/plugin.json', { name: 'kit' }));

  it('are called by plugin, folder and file, and know where the plugin lies', async () => {
    await write(
      'mine/kit/commands/review.md',
      '---\ndescription: Reviews.\nargument-hint: <file>\n---\nReview $1 by ${CLAUDE_PLUGIN_ROOT}/rules.md.',
    );
    await write('mine/kit/commands/db/reset.md', '# Reset the database\nDo it.');
    await write('mine/kit/extra/one.md', 'One.');
    await write('mine/kit/plugin.json', { name: 'kit', commands: ['./commands', './extra/one.md'] });
    const [plugin] = (await found()).plugins;
    expect(
      plugin?.commands.map(({ name, description, argumentHint, content }) => [
        name,
        description,
        argumentHint,
        content,
      ]),
    ).toEqual([
      ['kit:db:reset', 'Reset the database', null, '# Reset the database\nDo it.'],
      ['kit:review', 'Reviews.', '<file>', `Review $1 by ${join(home, 'mine', 'kit')}/rules.md.`],
      ['kit:one', 'One.', null, 'One.'],
    ]);
  });

  it('are read as they are written on Windows', async () => {
    await write('mine/bom/plugin.json', '\uFEFF{ "name": "bom" }');
    await write(
      'mine/bom/hooks/hooks.json',
      '\uFEFF{ "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "x" }] }] } }',
    );
    const { plugins, problems } = await found();
    expect(plugins.find(({ name }) => name === 'bom')?.hooks).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('may name their arguments; what stands for nothing is listed', async () => {
    await write('mine/kit/commands/a.md', '---\narguments: issue branch 7\n---\n$issue in ${CLAUDE_SESSION_ID}.');
    const [kit] = (await found()).plugins;
    expect(kit?.commands[0]).toMatchObject({ name: 'kit:a', argumentNames: ['issue', 'branch'] });
    expect(kit?.unadapted).toEqual(['/kit:a: it names CLAUDE_SESSION_ID, which stands for nothing.']);
  });

  it('that cannot be read are named, and the others are there', async () => {
    await write('mine/kit/commands/broken.md', '---\nbroken\n---\nx');
    await write('mine/kit/commands/endless.md', '---\ndescription: x\nAnd so on.');
    await write('mine/kit/commands/list.md', '---\n- list\n---\nx');
    await write('mine/kit/commands/two words.md', 'x');
    await write('mine/kit/commands/good.md', 'Good.');
    const { plugins, problems } = await found();
    expect(plugins[0]?.commands.map(({ name }) => name)).toContain('kit:good');
    expect(problems.map(({ detail }) => detail)).toEqual([
      'its frontmatter is not valid YAML (broken)',
      'its frontmatter has no end',
      'its frontmatter must be a list of fields',
      'its name must be letters, digits and _ . -',
    ]);
  });
});
