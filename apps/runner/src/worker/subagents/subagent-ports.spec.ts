import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { homeLayout } from '../../config/home-layout.js';
import { subagentPorts } from './subagent-ports.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'pizzapi-agents-')));
});
afterEach(() => rmSync(root, { recursive: true }));

function ofProject(cwd: string, home = 'home'): string[] {
  const layout = homeLayout(join(root, home, '.pizzapi'), join(root, home));
  const { folders } = subagentPorts(layout, join(root, cwd), []);
  return folders.filter(({ source }) => source === 'project').map(({ path }) => path.slice(root.length + 1));
}

it("reads a project's agents from the session's folder up to its repository's root, the nearest first", () => {
  mkdirSync(join(root, 'repo', '.git'), { recursive: true });
  mkdirSync(join(root, 'repo', 'app', 'src'), { recursive: true });
  expect(ofProject('repo/app/src')).toEqual([
    'repo/app/src/.pizzapi/agents',
    'repo/app/src/.claude/agents',
    'repo/app/.pizzapi/agents',
    'repo/app/.claude/agents',
    'repo/.pizzapi/agents',
    'repo/.claude/agents',
  ]);
});

it('reads them from the folder alone where there is no repository', () => {
  mkdirSync(join(root, 'plain', 'part'), { recursive: true });
  expect(ofProject('plain/part')).toEqual(['plain/part/.pizzapi/agents', 'plain/part/.claude/agents']);
});

it("takes the person's own for no project's, in a home that is a repository", () => {
  mkdirSync(join(root, 'home', '.git'), { recursive: true });
  for (const folder of ['code', '.pizzapi/agents', '.claude/agents'])
    mkdirSync(join(root, 'home', folder), { recursive: true });
  const ofCode = ['home/code/.pizzapi/agents', 'home/code/.claude/agents'];
  expect(ofProject('home/code')).toEqual(ofCode);
  // By whatever path the home is reached.
  symlinkSync(join(root, 'home'), join(root, 'link'));
  expect(ofProject('link/code', 'link')).toEqual(ofCode);
});
