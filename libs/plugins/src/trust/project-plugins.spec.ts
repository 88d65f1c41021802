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
const found = (own: string[] = []): Promise<ProjectPlugins> =>
  discoverProjectPlugins([join(home, 'plugins'), join(home, 'more')], own, parse);

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
    ['a link', () => symlink('a.sh', join(home, 'kit/c.sh'))],
  ])('changes with %s', async (_what, change) => {
    const before = await hashOf();
    await change();
    expect(await hashOf()).not.toBe(before);
  });

  it('cannot be vouched for where a link leads out, or where it has no end', async () => {
    await symlink(join(home, 'elsewhere'), join(home, 'kit/out'));
    await expect(hashOf()).rejects.toThrow(/out is a link that leads out of it/);
    await unlink(join(home, 'kit/out'));
    await Promise.all(Array.from({ length: 5_001 }, (_, n) => writeFile(join(home, 'kit', `f${n}`), '')));
    await expect(hashOf()).rejects.toThrow('it holds more than 5000 files');
  });
});

describe("a project's plugins", () => {
  beforeEach(() => write('plugins/kit/plugin.json', { name: 'kit' }));

  it('say what they would do, and show what they are made of', async () => {
    const hooks = { PreToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command: './guard.sh' }] }] };
    await write('plugins/kit/hooks/hooks.json', { hooks });
    await write('plugins/kit/commands/go.md', 'Go.');
    await write('plugins/kit/services/clock/manifest.json', {});
    const [kit] = (await found()).plugins;
    expect(kit?.abilities).toEqual(['Run at PreToolUse (Bash): ./guard.sh', 'Offer the commands /kit:go']);
    expect(kit?.content).toContain('== commands/go.md\nGo.');
    expect(kit?.plugin.unadapted).toEqual(['Its services are not started: those of a project never are.']);
  });

  it('are each one, however they are reached, and none that is the person’s own', async () => {
    await symlink(join(home, 'plugins'), join(home, 'more'));
    expect((await found()).plugins).toHaveLength(1);
    expect((await found([join(home, 'more')])).plugins).toEqual([]);
  });

  it('that are broken or unfit are named', async () => {
    await write('plugins/bad/plugin.json', '{');
    await symlink('/etc', join(home, 'plugins/kit/etc'));
    const { plugins, problems } = await found();
    expect(plugins).toEqual([]);
    expect(problems.map(({ detail }) => detail)).toEqual([
      'it is not a JSON object',
      `${join(home, 'plugins/kit/etc')} is a link that leads out of it`,
    ]);
  });
});
