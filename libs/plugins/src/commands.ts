import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isRecord, readText } from './manifest.js';
import type { FrontmatterParser, PluginCommand, PluginProblem } from './plugin.js';

/** Part of a command's name. */
const PART = /^[A-Za-z0-9][\w.-]*$/;
const FOLLOWED = new Set(['description', 'argument-hint']);
/** A shell line that Claude Code runs before the model reads the command. */
const INLINE_SHELL = /!`[^`]+`/;
const ARGUMENTS = /\$(?:ARGUMENTS|@|\d)|\$\{(?:ARGUMENTS|@|\d)/;
const ROOT = /\$\{CLAUDE_PLUGIN_ROOT\}|\$CLAUDE_PLUGIN_ROOT\b/g;

export interface ReadCommands {
  commands: PluginCommand[];
  problems: PluginProblem[];
  unadapted: string[];
}

interface Place {
  /** The plugin's name and folder. */
  plugin: string;
  root: string;
  parse: FrontmatterParser;
}

/** The commands in a folder of Markdown files, or in one such file. Folders in it are parts of the names. */
export async function readCommands(place: string, { plugin, root, parse }: Place): Promise<ReadCommands> {
  const found: ReadCommands = { commands: [], problems: [], unadapted: [] };
  for (const path of await markdownFiles(place)) {
    const parts = nameParts(path === place ? join(place, '..') : place, path);
    if (!parts.every((part) => PART.test(part))) {
      found.problems.push({ path, detail: 'its name must be letters, digits and _ . -' });
      continue;
    }
    const name = [plugin, ...parts].join(':');
    const read = split((await readText(path)) ?? '', parse);
    if (typeof read === 'string') found.problems.push({ path, detail: read });
    else {
      found.commands.push(commandOf(name, path, root, read));
      found.unadapted.push(...notesOn(name, read));
    }
  }
  return found;
}

interface Split {
  fields: Record<string, unknown>;
  body: string;
}

/** A text is the reason why not. */
function split(content: string, parse: FrontmatterParser): Split | string {
  try {
    const { frontmatter, body } = parse(content);
    return isRecord(frontmatter) ? { fields: frontmatter, body } : 'its frontmatter must be a list of fields';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `its frontmatter is not valid YAML (${reason.split('\n')[0] ?? ''})`;
  }
}

function commandOf(name: string, path: string, root: string, { fields, body }: Split): PluginCommand {
  const hint = fields['argument-hint'];
  const description = fields['description'];
  const content = body.replaceAll(ROOT, () => root).trim();
  return {
    name,
    path,
    description: typeof description === 'string' ? description : firstLine(content),
    // YAML reads [file] as a list.
    argumentHint: typeof hint === 'string' ? hint : Array.isArray(hint) ? `[${hint.join(', ')}]` : null,
    // As Claude Code does: what is said besides a command that asks for nothing is not lost.
    content: ARGUMENTS.test(content) ? content : `${content}\n\n$ARGUMENTS`,
  };
}

function notesOn(name: string, { fields, body }: Split): string[] {
  const ignored = Object.keys(fields).filter((field) => !FOLLOWED.has(field));
  return [
    ...ignored.map((field) => `/${name}: the field "${field}" is not followed.`),
    ...(INLINE_SHELL.test(body) ? [`/${name}: its inline shell is not run; the model reads the line as it is.`] : []),
  ];
}

function firstLine(content: string): string {
  return (content.split('\n')[0] ?? '').replace(/^#+\s*/, '').slice(0, 200);
}

function nameParts(folder: string, path: string): string[] {
  return relative(folder, path).replace(/\.md$/, '').split(sep);
}

/** In alphabetical order; none where there is nothing. */
async function markdownFiles(place: string): Promise<string[]> {
  if (place.endsWith('.md')) return [place];
  try {
    const entries = await readdir(place, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return []; // No folder, or none that may be read.
  }
}
