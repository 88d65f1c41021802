import { resolve } from 'node:path';
import { isRecord } from '../manifest.js';

type Fields = Record<string, unknown>;

interface ToolNames {
  /** Claude Code's name. */
  name: string;
  /** Further names that matchers may call it by. */
  aliases?: readonly string[];
  /** Claude Code's arguments by pi's. */
  fields: Readonly<Record<string, string>>;
}

/** pi's tools as Claude Code's plugins know them. All others keep their names and arguments. */
const TOOLS: ReadonlyMap<string, ToolNames> = new Map<string, ToolNames>([
  ['bash', { name: 'Bash', fields: { command: 'command', timeout: 'timeout' } }],
  ['read', { name: 'Read', fields: { path: 'file_path', offset: 'offset', limit: 'limit' } }],
  ['write', { name: 'Write', fields: { path: 'file_path', content: 'content' } }],
  ['edit', { name: 'Edit', aliases: ['MultiEdit'], fields: { path: 'file_path', edits: 'edits' } }],
  [
    'grep',
    {
      name: 'Grep',
      fields: { pattern: 'pattern', path: 'path', glob: 'glob', ignoreCase: '-i', context: '-C', limit: 'head_limit' },
    },
  ],
  ['find', { name: 'Glob', fields: { pattern: 'pattern', path: 'path' } }],
  ['ls', { name: 'LS', fields: { path: 'path' } }],
  ['list_mcp_resources', { name: 'ListMcpResourcesTool', fields: {} }],
  ['read_mcp_resource', { name: 'ReadMcpResourceTool', fields: {} }],
  ['subagent', { name: 'Agent', aliases: ['Task'], fields: { agent: 'subagent_type', task: 'prompt' } }],
]);

/** A call as a hook reads it. */
export interface ClaudeCall {
  tool_name: string;
  tool_input: Fields;
}

/** All names by which a matcher may mean a tool of pi's; Claude Code's own is the first. */
export function claudeNames(toolName: string): string[] {
  const tool = TOOLS.get(toolName);
  return tool ? [tool.name, ...(tool.aliases ?? [])] : [toolName];
}

/** The tool of pi's that Claude Code means by a name; null where there is none. */
export function piTool(claudeName: string): string | null {
  for (const name of TOOLS.keys()) if (claudeNames(name).includes(claudeName)) return name;
  return null;
}

/** Paths in full, times in ms, and an edit with the texts of all its places, as plugins expect it. */
export function toClaude(toolName: string, args: unknown, cwd: string): ClaudeCall {
  const given = isRecord(args) ? args : {};
  const [name = toolName] = claudeNames(toolName);
  const input = renamed(given, TOOLS.get(toolName)?.fields ?? {});
  const { file_path: path, timeout, edits } = input;
  if (typeof path === 'string') input['file_path'] = resolve(cwd, path);
  if (toolName === 'bash' && typeof timeout === 'number') input['timeout'] = timeout * 1_000;
  if (toolName === 'edit' && Array.isArray(edits)) Object.assign(input, editTexts(edits));
  return { tool_name: name, tool_input: input };
}

/** What a call gave, in the form that plugins know of the tools whose results they look into; of others its text. */
export function toClaudeResponse({ tool_name: name, tool_input: input }: ClaudeCall, text: string): unknown {
  const filePath = input['file_path'];
  switch (name) {
    case 'Bash':
      return { stdout: text, stderr: '', interrupted: false };
    case 'Write':
    case 'Edit':
      return { filePath, success: true };
    case 'Read':
      return { type: 'text', file: { filePath, content: text } };
    default:
      return text;
  }
}

/** The text of a result in one of the forms that Claude Code's tools give theirs: a command's, a file's, blocks of a server's tool. */
export function responseText(response: unknown): string {
  if (typeof response === 'string') return response;
  if (Array.isArray(response) && response.length > 0 && response.every(isTextBlock))
    return response.map(({ text }) => text).join('\n');
  if (isRecord(response)) {
    const { stdout, stderr, file, content } = response;
    if (typeof stdout === 'string') return [stdout, textOrNothing(stderr)].filter((text) => text !== '').join('\n');
    if (isRecord(file) && typeof file['content'] === 'string') return file['content'];
    if (content !== undefined) return responseText(content);
  }
  return JSON.stringify(response);
}

function isTextBlock(block: unknown): block is { text: string } {
  return isRecord(block) && block['type'] === 'text' && typeof block['text'] === 'string';
}

/** What a hook made of a call's arguments, as pi's tool takes it: what it left out stays out, what it left alone stays as it was. */
export function fromClaude(toolName: string, updated: Fields, args: unknown, cwd: string): Fields {
  const tool = TOOLS.get(toolName);
  if (!tool) return updated;
  const given = isRecord(args) ? args : {};
  const back = Object.fromEntries(Object.entries(tool.fields).map(([ours, theirs]) => [theirs, ours]));
  const input = renamed(updated, back);
  const before = toClaude(toolName, args, cwd).tool_input;
  if (updated['file_path'] === before['file_path'] && 'path' in given) input['path'] = given['path'];
  if (toolName === 'bash' && typeof input['timeout'] === 'number') input['timeout'] /= 1_000;
  if (toolName !== 'edit') return input;
  const { old_string: oldText, new_string: newText, replace_all: _all, edits, ...rest } = input;
  const isSame = oldText === before['old_string'] && newText === before['new_string'];
  if (Array.isArray(edits)) return { ...rest, edits: edits.map(toPiEdit) };
  return { ...rest, edits: isSame ? given['edits'] : [{ oldText, newText }] };
}

function editTexts(edits: readonly unknown[]): Fields {
  const places = edits.map((edit) => {
    const { oldText, newText } = isRecord(edit) ? edit : {};
    return { old_string: textOrNothing(oldText), new_string: textOrNothing(newText) };
  });
  return {
    old_string: places.map((place) => place.old_string).join('\n'),
    new_string: places.map((place) => place.new_string).join('\n'),
    replace_all: false,
    // Of one place the two texts say all.
    edits: places.length === 1 ? undefined : places,
  };
}

function toPiEdit(edit: unknown): unknown {
  if (!isRecord(edit) || !('old_string' in edit)) return edit;
  return { oldText: edit['old_string'], newText: edit['new_string'] };
}

function renamed(fields: Fields, names: Readonly<Record<string, string>>): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [names[name] ?? name, value]));
}

function textOrNothing(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
