import { basename, dirname, join } from 'node:path';
import { readPart } from './manifest.js';
import { markdownFiles, type Split, split } from './markdown.js';
import type { FrontmatterParser, PluginProblem } from './plugin.js';
import { exists } from './unadapted.js';

/** What of a skill is heeded where skills are loaded; the rest of Claude Code's fields is listed. */
const FOLLOWED = new Set(['name', 'description', 'license', 'compatibility', 'metadata', 'disable-model-invocation']);
const SHELL = /```!\n|(?<=^|\s)!`[^`\n]+`/;
const ARGUMENTS = /\$\{?ARGUMENTS\b/;
const PLACES = /\$\{?CLAUDE_(?:PLUGIN_ROOT|SKILL_DIR)\b/;

export interface ReadSkills {
  /** What of them is not followed, a sentence each. */
  unadapted: string[];
  problems: PluginProblem[];
  /** Whether they speak of where they lie by a variable of Claude Code's. */
  nameFolder: boolean;
}

/** What somebody who wrote the skills in these folders would wait for in vain. They are loaded elsewhere, by the Agent Skills standard. */
export async function readSkills(folders: readonly string[], parse: FrontmatterParser): Promise<ReadSkills> {
  const found: ReadSkills = { unadapted: [], problems: [], nameFolder: false };
  for (const path of (await Promise.all(folders.map(skillFiles))).flat()) {
    const text = readPart(path) ?? '';
    const read = typeof text === 'string' ? split(text, parse) : text.detail;
    if (typeof read === 'string') found.problems.push({ path, detail: read });
    else if (!isText(read.fields['description'])) found.problems.push({ path, detail: 'it has no text "description"' });
    else {
      found.unadapted.push(...notesOn(path, read));
      found.nameFolder ||= PLACES.test(read.body);
    }
  }
  return found;
}

async function skillFiles(place: string): Promise<string[]> {
  const own = join(place, 'SKILL.md');
  if (await exists(own)) return [own];
  // Whoever loads them follows links.
  const { files } = await markdownFiles(place, '/');
  return files.filter((path) => basename(path) === 'SKILL.md');
}

function notesOn(path: string, { fields, body }: Split): string[] {
  const skill = `The skill ${isText(fields['name']) ? fields['name'] : basename(dirname(path))}`;
  return [
    ...Object.keys(fields)
      .filter((field) => !FOLLOWED.has(field))
      .map((field) => `${skill}: the field "${field}" is not followed.`),
    ...(SHELL.test(body) ? [`${skill}: its lines of shell are not run before the agent reads it.`] : []),
    ...(ARGUMENTS.test(body)
      ? [`${skill}: what is said with it stands at its end, not where it says $ARGUMENTS.`]
      : []),
  ];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
