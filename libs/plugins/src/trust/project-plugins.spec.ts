import { chmod, mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentOf } from './content-hash.js';
import { discoverProjectPlugins, type ProjectPlugins } from './project-plugins.js';

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
const parse = (content: string) => ({ frontmatter: {}, body: content });
const found = (own: string[] = []): Promise<ProjectPlugins> => discoverProjectPlugins([home], own, parse);

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
  ])('changes with %s', async (_what, change) => {
    const before = await hashOf();
    await change();
    expect(await hashOf()).not.toBe(before);
  });

  it.each([
    ['out of it', '../elsewhere'],
    ['into it', 'a.sh'],
    ['to a folder of it', 'deep'],
    ['to nothing', 'none'],
  ])('cannot be vouched for where a link leads %s', async (_where, target) => {
    await symlink(target, join(home, 'kit/link'));
    await expect(hashOf()).rejects.toThrow(/link is a link, or something else/);
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
    await write(join(root, 'kit/.mcp.json'), { mcpServers: {} });
    await write(join(root, 'kit/zz.txt'), 'x'.repeat(5_000));
    const [kit] = (await found()).plugins;
    expect(kit?.abilities).toEqual(['Run at PreToolUse (Bash): ./guard.sh', 'Offer the commands /kit:go']);
    expect(kit?.content).toMatch(
      /^It runs:\nby itself at PreToolUse \(Bash\): \.\/guard\.sh\nwith \/kit:go: make it\n/,
    );
    expect(kit?.content).toContain('zz.txt (5000 bytes)');
    expect(kit?.content).toContain('[NOT SHOWN: 1000 more characters]');
    expect(kit?.plugin.serverFiles).toEqual([]);
    expect(kit?.plugin.unadapted).toEqual([
      'Its services are not started: those of a project never are.',
      "Its MCP servers are not started: name them in the project's .mcp.json, which people are asked about.",
    ]);
  });

  it('that run more than anybody could read cannot be trusted; of files it is said how many are not shown', async () => {
    for (let n = 0; n < 9; n += 1) await write(join(root, `kit/f${n}`), 'x'.repeat(4_000));
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
    const { plugins, problems } = await discoverProjectPlugins([join(home, 'project')], [], parse);
    expect(plugins).toEqual([]);
    expect(problems).toMatchObject([{ detail: 'it is a link that leads out of the project' }]);
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
      expect.stringMatching(/self is a link, or something else/),
    ]);
  });
});
