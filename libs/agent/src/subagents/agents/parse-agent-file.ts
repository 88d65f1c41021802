import { createHash } from 'node:crypto';
import { parseFrontmatter } from '@earendil-works/pi-coding-agent';
import { AgentFileInvalidError } from '../subagent-error.js';
import type { AgentDefinition, AgentSource } from './agent-definition.js';
import { namesIn } from './tool-names.js';

/** An agent is called by its name, in a tool's arguments and on cards. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} _.:-]{0,63}$/u;
const MAX_DESCRIPTION = 2_000;

/** What an agent's file may say. Of Claude Code's other fields none changes what the agent may do, but each is named in a note. */
const FOLLOWED = new Set(['name', 'description', 'tools', 'disallowedTools', 'model']);
/** Mean something only to Claude Code's own screen. */
const COSMETIC = new Set(['color']);

/** @throws AgentFileInvalidError with the field that is at fault */
export function parseAgentFile(path: string, content: string, source: AgentSource): AgentDefinition {
  const { frontmatter, body } = split(path, content);
  const invalid = (detail: string): AgentFileInvalidError => new AgentFileInvalidError(path, detail);
  const { name, description, model } = frontmatter;
  if (typeof name !== 'string' || !NAME.test(name))
    throw invalid('the field "name" must be a text of up to 64 letters, digits, spaces and _ . : -');
  if (typeof description !== 'string' || description.trim() === '')
    throw invalid('the field "description" must be a text: it says when the agent is to be used');
  if (model !== undefined && model !== null && typeof model !== 'string')
    throw invalid('the field "model" must be a text, such as "inherit", "haiku" or the id of a model');
  return {
    name,
    description: description.trim().slice(0, MAX_DESCRIPTION),
    prompt: body,
    tools: listIn(frontmatter, 'tools', invalid),
    withoutTools: listIn(frontmatter, 'disallowedTools', invalid) ?? [],
    model: typeof model === 'string' && model.trim() !== '' ? model.trim() : null,
    source,
    path,
    hash: createHash('sha256').update(content).digest('hex'),
    content,
    notes: Object.keys(frontmatter)
      .filter((field) => !FOLLOWED.has(field) && !COSMETIC.has(field))
      .map((field) => `The field "${field}" is not followed.`),
  };
}

function split(path: string, content: string): { frontmatter: Record<string, unknown>; body: string } {
  try {
    const { frontmatter, body } = parseFrontmatter(content);
    // YAML that is a list or a text parses as well.
    if (typeof frontmatter === 'object' && frontmatter !== null && !Array.isArray(frontmatter))
      return { frontmatter, body };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AgentFileInvalidError(path, `its frontmatter is not valid YAML (${reason.split('\n')[0]})`);
  }
  throw new AgentFileInvalidError(path, 'its frontmatter must be a list of fields');
}

function listIn(
  frontmatter: Record<string, unknown>,
  field: string,
  invalid: (detail: string) => AgentFileInvalidError,
): string[] | null {
  const value = frontmatter[field];
  if (value === undefined || value === null || value === '*') return null;
  const names = namesIn(value);
  if (names === null) throw invalid(`the field "${field}" must be names of tools, between commas or as a list`);
  return names;
}
