import { join } from 'node:path';
import { projectFolders } from '../config/project-folders.js';

/**
 * The files that say what an agent in this folder may do, the outermost first: the user's `config.json`, then the project's, from the
 * root of its repository down to the folder itself. The agent can write to the project's files, which is why they can only tighten, and
 * why they are read before it begins.
 */
export function configFiles(configFile: string, cwd: string): string[] {
  return [configFile, ...projectFolders(cwd).map((folder) => join(folder, '.pizzapi', 'config.json'))];
}
