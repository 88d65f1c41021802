import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { withoutLinks } from '../config/project-folders.js';

/**
 * The files that say what an agent in this folder may do, the outermost first: the user's `config.json`, then those of the folder and of all
 * above it. They can only tighten. How far up does not depend on repositories: an agent that may start others in a folder below its own
 * could make one there.
 */
export function configFiles(configFile: string, cwd: string, userHome = homedir()): string[] {
  const found = foldersFromHome(cwd, userHome).map((folder) => join(folder, '.pizzapi', 'config.json'));
  return [configFile, ...found.filter((path) => path !== configFile)];
}

/** Up to the person's home, or a folder in which everybody may put files: neither is of the project. */
function foldersFromHome(cwd: string, userHome: string): string[] {
  const start = withoutLinks(cwd);
  const home = withoutLinks(userHome);
  const folders = [start];
  if (start === home) return folders;
  for (let folder = dirname(start); folder !== dirname(folder) && folder !== home; folder = dirname(folder)) {
    if (isOpenToAll(folder)) break;
    folders.unshift(folder);
  }
  return folders;
}

function isOpenToAll(folder: string): boolean {
  return ((statSync(folder, { throwIfNoEntry: false })?.mode ?? 0) & 0o002) !== 0;
}
