import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitLinks, repositoriesBelow, unmadeGitLink } from './git-links.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-git-links-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function make(...paths: string[]): void {
  for (const path of paths) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
}
const found = (): string[] => gitLinks(folder).map((path) => path.slice(folder.length + '/.git/'.length));

describe('what leads git elsewhere', () => {
  it('lies in linked worktrees and submodules, also in those of submodules', () => {
    make(
      '.git/HEAD',
      '.git/worktrees/one/commondir',
      '.git/worktrees/one/gitdir',
      '.git/worktrees/two/config.worktree',
    );
    make('.git/modules/libs/a/HEAD', '.git/modules/libs/a/config', '.git/modules/libs/a/hooks/pre-commit');
    make('.git/modules/libs/a/modules/b/HEAD', '.git/modules/libs/a/modules/b/config');
    expect(found()).toEqual([
      'worktrees/one/commondir',
      'worktrees/two/config.worktree',
      'modules/libs/a/config',
      'modules/libs/a/hooks',
      'modules/libs/a/modules/b/config',
    ]);
  });

  it('is nothing where there is no repository, or only a link to one', () => {
    expect([found(), unmadeGitLink(folder)]).toEqual([[], null]);
    make('.git');
    expect([found(), unmadeGitLink(folder)]).toEqual([[], null]);
  });

  it('is not made in a repository, unless it is there', () => {
    make('.git/HEAD');
    expect(unmadeGitLink(folder)).toBe(join(folder, '.git', 'commondir'));
    make('.git/commondir');
    expect([found(), unmadeGitLink(folder)]).toEqual([['commondir'], null]);
  });
});

it('repositories below a folder are found, not far below and not among what programs put there', () => {
  make('apps/one/.git/HEAD', 'two/.git', 'two/a/b/.git/HEAD', 'node_modules/three/.git/HEAD', '.cache/four/.git/HEAD');
  symlinkSync(join(folder, 'two'), join(folder, 'link'));
  expect(repositoriesBelow(folder).map((path) => path.slice(folder.length + 1))).toEqual(['two', 'apps/one']);
});
