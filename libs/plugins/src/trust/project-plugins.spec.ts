import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectInstall } from '../plugin.js';
import { contentOf } from './content-hash.js';
import { discoverProjectPlugins, type ProjectPlugins, type ProjectReader } from './project-plugins.js';

let home: string;
beforeEach(async () => {
  home = realpathSync(await mkdtemp(join(tmpdir(), 'pizzapi-project-')));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function write(path: string, content: string | object): Promise<string> {
  const file = join(home, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const hashOf = async (): Promise<string> => (await contentOf(join(home, 'kit'))).hash;
const reader: ProjectReader = {
  parse: (content) => ({ frontmatter: {}, body: content }),
  describeServers: (_plugin, files) => files.map(({ text }) => ({ summary: 'in short', whole: `of ${text}` })),
};
const found = (own: string[] = [], installed: ProjectInstall[] = []): Promise<ProjectPlugins> =>
  discoverProjectPlugins([home], { own, installed }, reader);

describe('the content of a folder', () => {
  beforeEach(async () => {
    await write('kit/a.sh', 'one');
    await write('kit/deep/b.md', 'two');
  });

  it('is the same until something in it changes', async () => {
    expect(await hashOf()).toBe(await hashOf());
    expect((await contentOf(join(home, 'kit'))).files).toEqual(['a.sh', join('deep', 'b.md')]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a byte', () => write('kit/deep/b.md', 'twO')],
    ['a new file', () => write('kit/.hidden', '')],
    ['a file less', () => unlink(join(home, 'kit/a.sh'))],
    ['the right to run', () => chmod(join(home, 'kit/a.sh'), 0o755)],
    ['a link', () => symlink('a.sh', join(home, 'kit/link'))],
  ])('changes with %s', async (_what, change) => {
    const before = await hashOf();
    await change();
    expect(await hashOf()).not.toBe(before);
  });

  it('has links that lead to what is in it, and changes with where they say', async () => {
    await symlink('a.sh', join(home, 'kit/link'));
    const before = await contentOf(join(home, 'kit'));
    expect(before.links).toMatchObject([{ name: 'link', target: 'a.sh' }]);
    await unlink(join(home, 'kit/link'));
    await symlink('deep/b.md', join(home, 'kit/link'));
    expect(await hashOf()).not.toBe(before.hash);
  });

  it.each([
    ['out of it', 'link', '../elsewhere', 'leads out of it, or nowhere'],
    ['to nothing', 'link', 'none', 'leads out of it, or nowhere'],
    ['out of it by another', 'link', 'deep/up/../elsewhere', 'leads out of it, or nowhere'],
    ['out of it and back', 'link', '../back', 'leads out of it, or nowhere'],
    ['to a full path', 'link', '/tmp', 'leads out of it, or nowhere'],
    ['to itself', 'link', 'link', 'leads out of it, or nowhere'],
    ['to all of it', 'link', '.', 'is a link to a folder that it lies in'],
    ['to a folder that it lies in', 'deep/link', '../deep', 'is a link to a folder that it lies in'],
  ])('cannot be vouched for where a link leads %s', async (_where, place, target, why) => {
    await write('elsewhere/a.sh', 'one');
    await symlink('kit/a.sh', join(home, 'back'));
    await symlink(target, join(home, 'kit', place));
    await expect(hashOf()).rejects.toThrow(why);
  });

  it('cannot be vouched for where something is neither a file nor a folder', async () => {
    execFileSync('mkfifo', [join(home, 'kit/pipe')]);
    await expect(hashOf()).rejects.toThrow('pipe is neither a file nor a folder');
  });

  it('cannot be vouched for where it has no end', async () => {
    await Promise.all(Array.from({ length: 5_001 }, (_, n) => writeFile(join(home, 'kit', `f${n}`), '')));
    await expect(hashOf()).rejects.toThrow('it holds more than 5000 files');
  });
});

describe("a project's plugins", () => {
  const root = join('.claude', 'plugins');
  beforeEach(() => write(join(root, 'kit', 'plugin.json'), { name: 'kit' }));

  it('say what they would do, and show what they are made of: first, and whole, what they run', async () => {
    const hooks = { PreToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command: './guard.sh' }] }] };
    await write(join(root, 'kit/hooks/hooks.json'), { hooks });
    await write(join(root, 'kit/commands/go.md'), 'Go by !`make it`.');
    await write(join(root, 'kit/services/clock/manifest.json'), {});
    const servers = await write(join(root, 'kit/.mcp.json'), { mcpServers: {} });
    await write(join(root, 'kit/zz.txt'), `== guard.sh\n${'x'.repeat(70_000)}`);
    await symlink('zz.txt', join(home, root, 'kit/link'));
    const [kit] = (await found()).plugins;
    expect(kit?.abilities).toEqual([
      'Run at PreToolUse (Bash): ./guard.sh',
      'Use the MCP server in short',
      'Offer the commands /kit:go',
    ]);
    expect(kit?.content).toMatch(
      /^It runs:\nby itself at PreToolUse \(Bash\): \.\/guard\.sh\nwith each session the MCP server of .*\nwith \/kit:go: make it\n/,
    );
    expect(kit?.content).toContain('zz.txt (70012 bytes)\nlink (a link to zz.txt)\n');
    expect(kit?.content).toContain('\n== zz.txt\n  == guard.sh\n  xx');
    expect(kit?.content).toContain('[NOT SHOWN: 6016 more characters]');
    const shown = [...(kit?.content.matchAll(/^== (.*)$/gm) ?? [])].map(([, file]) => file);
    expect(shown.slice(0, 2)).toEqual(['.mcp.json', 'plugin.json']);
    expect(kit?.serverFiles).toEqual([{ path: servers, text: '{"mcpServers":{}}' }]);
    expect(kit?.plugin.unadapted).toEqual(['Its services are not started: those of a project never are.']);
  });

  it('that run more than anybody could read cannot be trusted; of files it is said how many are not shown', async () => {
    for (let n = 0; n < 9; n += 1) await write(join(root, `kit/f${n}`), 'x'.repeat(40_000));
    expect((await found()).plugins[0]?.content).toMatch(/\[NOT SHOWN: \d more files\]$/);
    const command = 'x'.repeat(9_000);
    await write(join(root, 'kit/hooks/hooks.json'), { hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } });
    expect((await found()).problems).toMatchObject([{ detail: 'it runs more than somebody who is asked could read' }]);
  });

  it('are none that is the person’s own, and none that lies elsewhere', async () => {
    expect((await found()).plugins).toHaveLength(1);
    expect((await found([join(home, root)])).plugins).toEqual([]);
    await write('elsewhere/own/plugin.json', { name: 'own' });
    await mkdir(join(home, 'project'));
    await symlink(join(home, 'elsewhere'), join(home, 'project', '.agents'));
    await mkdir(join(home, 'elsewhere', 'plugins'));
    const { plugins, problems } = await discoverProjectPlugins([join(home, 'project')], { own: [] }, reader);
    expect(plugins).toEqual([]);
    expect(problems).toMatchObject([{ detail: 'it is a link that leads out of the project' }]);
  });

  it('are those too that Claude Code has installed for it, with or without a manifest, and no others', async () => {
    await write('cache/bare/commands/go.md', 'Go.');
    await write('cache/bare/services/clock/manifest.json', {});
    await mkdir(join(home, 'other'));
    await symlink('.', join(home, 'same'));
    const install = (name: string, changes: Partial<ProjectInstall> = {}): ProjectInstall => ({
      name,
      path: join(home, 'cache', name),
      projectPath: join(home, 'same'),
      isSwitchedOff: false,
      ...changes,
    });
    const other = install('bare', { projectPath: join(home, 'other') });
    const off = install('off', { isSwitchedOff: true });
    const list = await found([join(home, root)], [install('bare'), install('bare'), other, off, install('gone')]);
    expect(list.plugins).toMatchObject([
      { plugin: { name: 'bare', path: join(home, 'cache/bare') }, installedAs: 'bare' },
    ]);
    expect(list.plugins[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(list.plugins[0]?.plugin.unadapted).toEqual(['Its services are not started: those of a project never are.']);
    expect(list.problems).toEqual([
      { path: join(home, 'cache', 'gone'), detail: 'Claude Code has it on its list, and it is not there' },
    ]);
    expect(list.switchedOff).toEqual([off.path]);
    expect(list.elsewhere).toEqual([other]);
  });

  it('of one name are one, and those of the person go before', async () => {
    await write('.pizzapi/plugins/other/plugin.json', { name: 'kit' });
    const places = { own: [], plugins: [{ name: 'mine', path: '/mine' }] };
    await write('.agents/plugins/mine/plugin.json', { name: 'mine' });
    const { plugins, problems } = await discoverProjectPlugins([home], places, reader);
    const first = join(home, '.pizzapi/plugins/other');
    expect(plugins.map(({ plugin }) => plugin.path)).toEqual([first]);
    expect(problems).toEqual([
      { path: join(home, '.agents/plugins/mine'), detail: '/mine has the same name and comes first' },
      { path: join(home, root, 'kit'), detail: `${first} has the same name and comes first` },
    ]);
  });

  it('that are broken, unfit or unreadable are named each, and leave the others', async () => {
    await write(join(root, 'bad/plugin.json'), '{');
    await write(join(root, 'loop/plugin.json'), { name: 'loop' });
    await symlink('.', join(home, root, 'loop/self'));
    await symlink('kit', join(home, root, 'linked'));
    await write(join(root, 'no-plugin/readme.md'), 'x');
    const { plugins, problems } = await found();
    expect(plugins.map(({ plugin }) => plugin.name)).toEqual(['kit']);
    expect(problems.map(({ detail }) => detail)).toEqual([
      'it is not a JSON object',
      'it is a link',
      expect.stringMatching(/self is a link to a folder that it lies in/),
    ]);
  });
});
