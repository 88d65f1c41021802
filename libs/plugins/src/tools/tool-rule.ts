import type { ClaudeCall } from './claude-tools.js';

/** Whatever may end one command and begin another. */
const DIVIDERS = /[;&|<>()`$\n\r]/;
const RULE = /^([^()\s]+)(?:\((.*)\))?$/s;
const COMMAS_OUTSIDE = /,(?![^(]*\))/;

/** The rules in a field such as `allowed-tools`: a list, or a text with commas. */
export function toolRules(field: unknown): string[] {
  const rules: unknown[] = Array.isArray(field) ? field : typeof field === 'string' ? field.split(COMMAS_OUTSIDE) : [];
  return rules.flatMap((rule) => (typeof rule === 'string' && rule.trim() !== '' ? [rule.trim()] : []));
}

/** Whether it has the form of a rule. */
export function isToolRule(rule: string): boolean {
  return RULE.test(rule);
}

/** Whether a rule such as `Bash(git status:*)` or `Edit(*.ts)` fits any part of a call: for what is to be looked at. */
export function fitsAnyOf(rule: string, call: ClaudeCall): boolean {
  const commands = textsOf(call).flatMap((text) => [text, ...text.split(DIVIDERS).map((part) => part.trim())]);
  return fits(rule, call, commands, 'some');
}

/** Whether it fits all of it: for what is to be let pass. A line that may run more than one command is only covered by the tool's bare name. */
export function coversAllOf(rule: string, call: ClaudeCall): boolean {
  const texts = textsOf(call);
  if (call.tool_name === 'Bash' && /\(/.test(rule) && texts.some((text) => DIVIDERS.test(text))) return false;
  return fits(rule, call, texts, 'every');
}

function fits(rule: string, { tool_name: name }: ClaudeCall, texts: readonly string[], how: 'some' | 'every'): boolean {
  const [, tool, pattern] = RULE.exec(rule) ?? [];
  if (tool === undefined || !isNamed(tool, name)) return false;
  if (pattern === undefined || pattern === '*' || pattern === '') return true;
  const glob = name === 'Bash' ? commandGlob(pattern) : pathGlob(pattern);
  return texts.length > 0 && texts[how]((text) => glob.test(text));
}

/** `mcp__server` and `mcp__server__*` are all tools of a server. */
function isNamed(tool: string, name: string): boolean {
  if (tool === name) return true;
  if (!name.startsWith('mcp__')) return false;
  return tool.includes('*') ? new RegExp(`^${escaped(tool)}$`).test(name) : name.startsWith(`${tool}__`);
}

/** Of a shell its command, of any other tool the path that it is about. */
function textsOf({ tool_name: name, tool_input: input }: ClaudeCall): string[] {
  const text = name === 'Bash' ? input['command'] : (input['file_path'] ?? input['path']);
  return typeof text === 'string' ? [text.trim()] : [];
}

/** `git status:*` is the older way to write `git status *`; both fit the command without anything behind it. */
function commandGlob(pattern: string): RegExp {
  const [, before, after] = /^([^]*?)(?:(?::| )(\*))?$/.exec(pattern) ?? [];
  return new RegExp(`^${escaped(before ?? '')}${after === undefined ? '' : '(?:\\s[^]*)?'}$`);
}

/** A path that does not begin at the root may lie anywhere. */
function pathGlob(pattern: string): RegExp {
  return new RegExp(`^${pattern.startsWith('/') ? '' : '(?:[^]*/)?'}${escaped(pattern.replace(/^\.\//, ''))}$`);
}

function escaped(glob: string): string {
  return glob.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replace(/\*+/g, '[^]*');
}
