import { join, relative, resolve, sep } from 'node:path';
import { markdownFiles, type Split, split } from './markdown.js';
import { isInside, isRecord, readPart } from './manifest.js';
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

/**
 * The commands in folders of Markdown files, or in single ones, and those that the manifest describes. Folders in a folder are parts of the
 * names; of two with one name the first counts.
 */
export async function readAllCommands(places: readonly string[], described: unknown, of: Place): Promise<ReadCommands> {
  const found: ReadCommands = { commands: [], problems: [], unadapted: [] };
  for (const place of places) await readCommands(found, place, of);
  for (const each of [described].flat().filter(isRecord)) readDescribed(found, each, of);
  return found;
}

async function readCommands(found: ReadCommands, place: string, of: Place): Promise<void> {
  const { files, links } = await markdownFiles(place, of.root);
  found.problems.push(...links);
  for (const path of files)
    take(found, of, { path, parts: nameParts(path === place ? join(place, '..') : place, path), fields: {} });
}

/** Claude Code's other form: names, and for each where its text is, or the text itself. */
function readDescribed(found: ReadCommands, commands: Record<string, unknown>, of: Place): void {
  for (const [name, entry] of Object.entries(commands)) {
    const { source, content, description, argumentHint, allowedTools, model } = isRecord(entry) ? entry : {};
    const fields = {
      ...(description !== undefined && { description }),
      ...(argumentHint !== undefined && { 'argument-hint': argumentHint }),
      ...(allowedTools !== undefined && { 'allowed-tools': allowedTools }),
      ...(model !== undefined && { model }),
    };
    const path = resolve(of.root, typeof source === 'string' ? source : '.');
    const hasOne = (typeof source === 'string') !== (typeof content === 'string');
    if (!hasOne) found.problems.push({ path, detail: `its command ${shown(name)} needs a text "source" or "content"` });
    else if (!isInside(of.root, path)) found.unadapted.push(`${path} is not used: it lies outside of the plugin.`);
    else take(found, of, { path, parts: [name], fields, ...(typeof content === 'string' && { text: content }) });
  }
}

interface Found {
  path: string;
  /** Of its name. */
  parts: readonly string[];
  /** What counts before the file's own. */
  fields: Record<string, unknown>;
  /** Default: the file's. */
  text?: string;
}

function take(found: ReadCommands, { plugin, root, parse }: Place, { path, parts, fields, text: own }: Found): void {
  const problem = (detail: string): void => void found.problems.push({ path, detail });
  if (!parts.every((part) => PART.test(part))) return problem('its name must be letters, digits and _ . -');
  const name = [plugin, ...parts].join(':');
  const known = found.commands.find((command) => command.name === name);
  if (known) return known.path === path ? undefined : problem(`${known.path} has the same name and comes first`);
  const text = own ?? readPart(path);
  if (text === null) return problem('it cannot be read');
  if (typeof text !== 'string') return void found.problems.push(text);
  const read = split(text, parse);
  if (typeof read === 'string') return problem(read);
  const whole = { body: read.body, fields: { ...read.fields, ...fields } };
  found.commands.push(commandOf(name, path, root, whole));
  found.unadapted.push(...notesOn(name, whole));
}

function shown(name: string): string {
  return JSON.stringify(name).slice(0, 100);
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
