import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discoverAgents } from './discover-agents.js';
import { parseAgentFile } from './parse-agent-file.js';

const file = (fields: string, body = 'Look well.'): string => `---\n${fields}\n---\n\n${body}\n`;
const parse = (content: string) => parseAgentFile('/agents/scout.md', content, 'user');

describe("an agent's file", () => {
  it('says who the agent is, what it may use and what it is told', () => {
    const content = file(
      'name: scout\ndescription: |\n  Finds\n  things.\ntools: Read, Bash(git log:*, x), Grep\nmodel: haiku\ncolor: red\nmaxTurns: 5',
    );
    expect(parse(content)).toEqual({
      name: 'scout',
      description: 'Finds\nthings.',
      prompt: 'Look well.',
      tools: ['Read', 'Bash(git log:*, x)', 'Grep'],
      withoutTools: [],
      model: 'haiku',
      source: 'user',
      path: '/agents/scout.md',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      content,
      notes: ['The field "maxTurns" is not followed.'],
    });
  });

  it('may leave out tools and model, or list the tools', () => {
    expect(parse(file('name: a\ndescription: b'))).toMatchObject({ tools: null, model: null });
    expect(parse(file('name: a\ndescription: b\ntools: [read, bash]\ndisallowedTools: write'))).toMatchObject({
      tools: ['read', 'bash'],
      withoutTools: ['write'],
    });
  });

  it('has another hash with every change', () => {
    const [first, second] = ['One.', 'Two.'].map((body) => parse(file('name: a\ndescription: b', body)).hash);
    expect(first).not.toBe(second);
  });

  it.each([
    ['no frontmatter at all', 'Just words.', 'the field "name"'],
    ['no end of it', '---\nname: a\ndescription: b\n', 'the field "name"'],
    ['no name', file('description: b'), 'the field "name"'],
    ['a name that is a number', file('name: 7\ndescription: b'), 'the field "name"'],
    ['a name of several lines', file('name: "a\\nb"\ndescription: b'), 'the field "name"'],
    ['no description', file('name: a'), 'the field "description"'],
    ['tools that are none', file('name: a\ndescription: b\ntools: { read: yes }'), 'the field "tools"'],
    ['a model that is none', file('name: a\ndescription: b\nmodel: [x]'), 'the field "model"'],
    ['broken YAML', file('name: a\ndescription: "b'), 'not valid YAML'],
    ['a list instead of fields', file('- a\n- b'), 'must be a list of fields'],
  ])('with %s is refused, with the reason', (_, content, reason) => {
    expect(() => parse(content)).toThrow(
      expect.objectContaining({ code: 'agent_file_invalid', message: expect.stringContaining(reason) }),
    );
  });
});

describe('folders of agents', () => {
  let folder: string;
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pizzapi-agents-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('give their agents, the first of a name, and say what is wrong with the others', async () => {
    await write('user/b.md', file('name: scout\ndescription: mine'));
    await write('user/a.md', 'nothing');
    await write('user/notes.txt', 'not an agent');
    await write('user/folder.md/x', 'not a file');
    await write('project/c.md', file('name: scout\ndescription: theirs'));
    await write('project/d.md', file('name: other\ndescription: theirs too'));
    const { agents, problems } = await discoverAgents([
      { path: join(folder, 'user'), source: 'user' },
      { path: join(folder, 'missing'), source: 'user' },
      { path: join(folder, 'project'), source: 'project' },
    ]);
    expect([...agents.values()].map(({ name, description, source }) => [name, description, source])).toEqual([
      ['scout', 'mine', 'user'],
      ['other', 'theirs too', 'project'],
    ]);
    expect(problems.map(({ path, detail }) => [path.slice(folder.length + 1), detail])).toEqual([
      ['user/a.md', expect.stringContaining('the field "name"')],
      ['user/folder.md', 'it is no regular file'],
      ['project/c.md', `${join(folder, 'user/b.md')} has the same name and comes first`],
    ]);
  });

  it('of a plugin may be single files, and folders in them are parts of the names', async () => {
    await write('kit/one.md', file('name: one\ndescription: a', 'In ${CLAUDE_PLUGIN_ROOT}.'));
    await write('kit/agents/review/security.md', file('name: security\ndescription: b'));
    await write('user/deep/a.md', file('name: not\ndescription: c'));
    const of = { source: 'user' as const, plugin: 'kit', root: '/kit' };
    const { agents, problems } = await discoverAgents([
      { path: join(folder, 'kit/one.md'), ...of },
      { path: join(folder, 'kit/agents'), ...of },
      { path: join(folder, 'user'), source: 'user' },
    ]);
    expect([...agents.keys()]).toEqual(['kit:one', 'kit:review:security']);
    expect(agents.get('kit:one')?.prompt).toBe('In /kit.');
    expect(problems).toEqual([]);
  });

  it('skip a pipe and a device, and read where links lead', async () => {
    await write('own/a.md', file('name: linked\ndescription: b'));
    await mkdir(join(folder, 'user'));
    execFileSync('mkfifo', [join(folder, 'user', 'pipe.md')]);
    for (const [name, target] of [
      ['device.md', '/dev/zero'],
      ['to-pipe.md', 'pipe.md'],
      ['link.md', '../own/a.md'],
    ] as const)
      await symlink(target, join(folder, 'user', name));
    const { agents, problems } = await discoverAgents([{ path: join(folder, 'user'), source: 'user' }]);
    expect([...agents.keys()]).toEqual(['linked']);
    expect(problems.map(({ path, detail }) => [basename(path), detail])).toEqual([
      ['device.md', 'it is no regular file'],
      ['pipe.md', 'it is no regular file'],
      ['to-pipe.md', 'it is no regular file'],
    ]);
  });

  it('lead to nothing that the session may not read', async () => {
    await write('secret/a.md', file('name: a\ndescription: b'));
    await mkdir(join(folder, 'agents'));
    await symlink('../secret/a.md', join(folder, 'agents', 'a.md'));
    const secret = await realpath(join(folder, 'secret', 'a.md'));
    const { agents, problems } = await discoverAgents(
      [{ path: join(folder, 'agents'), source: 'project' }],
      (path) => path !== secret,
    );
    expect([agents.size, problems[0]?.detail]).toEqual([0, `it leads to ${secret}, which the sandbox hides`]);
  });

  it('of a plugin know where it lies', async () => {
    await write('kit/agents/a.md', file('name: a\ndescription: b', 'Run ${CLAUDE_PLUGIN_ROOT}/a.sh.'));
    const root = join(folder, 'kit');
    const { agents } = await discoverAgents([{ path: join(root, 'agents'), source: 'user', plugin: 'kit', root }]);
    expect(agents.get('kit:a')?.prompt).toBe(`Run ${root}/a.sh.`);
  });

  it('skip a file that is too long for instructions', async () => {
    await write('user/a.md', file('name: a\ndescription: b', 'x'.repeat(300_000)));
    const { agents, problems } = await discoverAgents([{ path: join(folder, 'user'), source: 'user' }]);
    expect([agents.size, problems[0]?.detail]).toEqual([0, expect.stringMatching(/more than 262144/)]);
  });
});
