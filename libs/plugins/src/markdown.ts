import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from './manifest.js';
import type { FrontmatterParser } from './plugin.js';

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

/** In alphabetical order; none where there is nothing. */
export async function markdownFiles(place: string): Promise<string[]> {
  if (place.endsWith('.md')) return [place];
  try {
    const entries = await readdir(place, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && !entry.isSymbolicLink() && entry.name.endsWith('.md'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return []; // No folder, or none that may be read.
  }
}
