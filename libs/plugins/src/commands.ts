import { join, relative, sep } from 'node:path';
import { markdownFiles, type Split, split } from './markdown.js';
import { readPart } from './manifest.js';
import type { FrontmatterParser, PluginCommand, PluginProblem } from './plugin.js';
import { toolRules } from './tools/tool-rule.js';

/** Part of a command's name. */
const PART = /^[A-Za-z0-9][\w.-]*$/;
/** The model calls no commands here, so what would keep it from that is kept. */
const FOLLOWED = new Set(['description', 'argument-hint', 'arguments', 'allowed-tools', 'disable-model-invocation']);
/** What Claude Code fills in, and nobody here. */
const UNSET = /\$\{(CLAUDE_(?!PLUGIN_ROOT\b)\w+)\}/g;
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
    const text = readPart(path) ?? '';
    if (typeof text !== 'string') {
      found.problems.push(text);
      continue;
    }
    const read = split(text, parse);
    if (typeof read === 'string') found.problems.push({ path, detail: read });
    else {
      found.commands.push(commandOf(name, path, root, read));
      found.unadapted.push(...notesOn(name, read));
    }
  }
  return found;
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
    allowedTools: fields['allowed-tools'] === undefined ? null : toolRules(fields['allowed-tools']),
    argumentNames: namesIn(fields['arguments']),
    content,
  };
}

/** A list, or words. */
function namesIn(field: unknown): string[] {
  const given: unknown[] = typeof field === 'string' ? field.split(/\s+/) : [field].flat();
  return given.filter((name) => typeof name === 'string').filter((name) => /^[A-Za-z_]\w*$/.test(name));
}

function notesOn(name: string, { fields, body }: Split): string[] {
  const unset = new Set([...body.matchAll(UNSET)].map(([, variable]) => variable));
  return [
    ...Object.keys(fields)
      .filter((field) => !FOLLOWED.has(field))
      .map((field) => `/${name}: the field "${field}" is not followed.`),
    ...[...unset].map((variable) => `/${name}: it names ${variable}, which stands for nothing.`),
  ];
}

function firstLine(content: string): string {
  return (content.split('\n')[0] ?? '').replace(/^#+\s*/, '').slice(0, 200);
}

function nameParts(folder: string, path: string): string[] {
  return relative(folder, path).replace(/\.md$/, '').split(sep);
}
