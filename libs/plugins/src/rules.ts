import { matchesGlob, relative, sep } from 'node:path';
import { markdownFiles, split } from './markdown.js';
import { readPart } from './manifest.js';
import type { FrontmatterParser, PluginProblem, PluginRule } from './plugin.js';

const ROOT = /\$\{CLAUDE_PLUGIN_ROOT\}|\$CLAUDE_PLUGIN_ROOT\b/g;

/** What a rule may say of itself. */
const FOLLOWED = new Set(['paths', 'description', 'name']);

/** The rules in these folders and files. */
export async function readRules(
  places: readonly string[],
  root: string,
  parse: FrontmatterParser,
): Promise<{ rules: PluginRule[]; problems: PluginProblem[]; unadapted: string[] }> {
  const rules: PluginRule[] = [];
  const found = await Promise.all(places.map((place) => markdownFiles(place, root)));
  const problems: PluginProblem[] = found.flatMap(({ links }) => links);
  const unadapted: string[] = [];
  for (const path of found.flatMap(({ files }) => files)) {
    const text = readPart(path) ?? '';
    const read = typeof text === 'string' ? split(text, parse) : text.detail;
    if (typeof read === 'string') {
      problems.push({ path, detail: read });
      continue;
    }
    const content = read.body.replaceAll(ROOT, () => root).trim();
    unadapted.push(
      ...Object.keys(read.fields)
        .filter((field) => !FOLLOWED.has(field))
        .map((field) => `The rule ${relative(root, path)}: the field "${field}" is not followed.`),
    );
    if (content !== '') rules.push({ path, content, paths: globsIn(read.fields['paths']) });
  }
  return { rules, problems, unadapted };
}

/** A list, or a text with commas; braces keep theirs. */
function globsIn(field: unknown): string[] | null {
  const given: unknown[] = typeof field === 'string' ? field.split(/,(?![^{]*\})/) : [field].flat();
  const globs = given.flatMap((glob) => (typeof glob === 'string' && glob.trim() !== '' ? [glob.trim()] : []));
  return globs.length === 0 ? null : globs;
}

/** Whether a rule is about this file, whose path is in full. */
export function isAbout({ paths }: PluginRule, file: string, projectDir: string): boolean {
  if (paths === null) return false;
  const path = relative(projectDir, file).split(sep).join('/');
  return !path.startsWith('../') && paths.some((glob) => matchesGlob(path, glob.replace(/^\.?\//, '')));
}
