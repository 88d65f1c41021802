import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Names of submodules have slashes; more of them than these are not looked for. */
const MAX_DEPTH = 5;
const MAX_PATHS = 200;
/** How far below a folder repositories are looked for that are no part of its own, in how many folders, and how many of them. */
const REPOSITORY_DEPTH = 2;
const MAX_FOLDERS = 500;
const MAX_REPOSITORIES = 50;
const OF_PROGRAMS = /^(?:\..*|node_modules)$/;

/**
 * Files by which git is led to another repository, or runs what they name, besides the `config` and `hooks` of the repository itself: those of its
 * linked worktrees, where another folder is worked in, and of its submodules. As they are now; none where the folder is no repository's.
 */
export function gitLinks(folder: string): string[] {
  const git = join(folder, '.git');
  const worktrees = namesIn(join(git, 'worktrees')).map((name) => join(git, 'worktrees', name));
  return [
    ...present(git, ['commondir', 'config.worktree']),
    ...worktrees.flatMap((path) => present(path, ['commondir', 'config.worktree'])),
    ...modulesIn(join(git, 'modules'), 1),
  ].slice(0, MAX_PATHS);
}

/** Folders below this one that are worked in as repositories: with a `.git`, be it a folder or a file that leads to one. */
export function repositoriesBelow(folder: string): string[] {
  const found: string[] = [];
  let looked = 0;
  let level = [folder];
  for (let depth = 1; depth <= REPOSITORY_DEPTH; depth += 1) {
    const next = level.flatMap((parent) => foldersIn(parent)).slice(0, MAX_FOLDERS - looked);
    looked += next.length;
    found.push(...next.filter((path) => existsSync(join(path, '.git'))));
    level = next;
  }
  return found.slice(0, MAX_REPOSITORIES);
}

/** What would lead all of git elsewhere, and is in no repository that is not a linked one; null where the folder has none of its own. */
export function unmadeGitLink(folder: string): string | null {
  const git = join(folder, '.git');
  const path = join(git, 'commondir');
  return isFolder(git) && !existsSync(path) ? path : null;
}

function modulesIn(folder: string, depth: number): string[] {
  if (depth > MAX_DEPTH) return [];
  return namesIn(folder)
    .map((name) => join(folder, name))
    .filter(isFolder)
    .flatMap((path) =>
      existsSync(join(path, 'HEAD'))
        ? [
            ...present(path, ['config', 'hooks', 'commondir', 'config.worktree']),
            ...modulesIn(join(path, 'modules'), depth + 1),
          ]
        : modulesIn(path, depth + 1),
    );
}

function present(folder: string, names: readonly string[]): string[] {
  return names.map((name) => join(folder, name)).filter((path) => existsSync(path));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).slice(0, MAX_PATHS);
  } catch {
    return []; // no such folder, or none that may be read
  }
}

/** No links: where they lead, nothing of the folder can be written. */
function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && !OF_PROGRAMS.test(entry.name) ? [join(folder, entry.name)] : [],
    );
  } catch {
    return []; // none that may be read
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
