import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside, isRecord } from './manifest.js';
import type { FrontmatterParser, PluginProblem } from './plugin.js';
import { exists } from './unadapted.js';

export interface Split {
  fields: Record<string, unknown>;
  body: string;
}

/** A text is the reason why not. */
export function split(content: string, parse: FrontmatterParser): Split | string {
  // Read as none, all of it would be told to the model.
  if (/^---\r?\n[\w-]+:/.test(content) && !/\n---\s*?(?:\n|$)/.test(content)) return 'its frontmatter has no end';
  try {
    const { frontmatter, body } = parse(content);
    return isRecord(frontmatter) ? { fields: frontmatter, body } : 'its frontmatter must be a list of fields';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `its frontmatter is not valid YAML (${reason.split('\n')[0] ?? ''})`;
  }
}

export interface MarkdownFiles {
  /** In alphabetical order; none where there is nothing. */
  files: string[];
  /** What is not read because of where it leads. */
  links: PluginProblem[];
}

/** The Markdown files of a place in a plugin's folder, which is one itself or a folder. Links count that lead to a file in the plugin. */
export async function markdownFiles(place: string, root: string): Promise<MarkdownFiles> {
  if (place.endsWith('.md')) return { files: (await exists(place)) ? [place] : [], links: [] };
  try {
    const entries = await readdir(place, { recursive: true, withFileTypes: true });
    const found: MarkdownFiles = { files: [], links: [] };
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      const why = entry.isSymbolicLink() ? await whyUnread(path, root) : null;
      if (why !== null) found.links.push({ path, detail: why });
      else if (!entry.isDirectory() && entry.name.endsWith('.md')) found.files.push(path);
    }
    return { ...found, files: found.files.sort() };
  } catch {
    return { files: [], links: [] }; // No folder, or none that may be read.
  }
}

/** Null: the link leads to a file of the plugin, or to nothing that anybody would read here. */
async function whyUnread(path: string, root: string): Promise<string | null> {
  const target = await realpath(path).catch(() => null);
  if (target === null) return 'it is a link to nothing';
  if ((await stat(target)).isDirectory()) return 'it is a link to a folder';
  return isInside(await realpath(root), target) ? null : 'it is a link that leads out of the plugin';
}
