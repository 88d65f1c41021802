import { createHash } from 'node:crypto';

/** What providers take as the name of a tool. */
const MAX_LENGTH = 64;

/** `mcp__server__tool`: Claude Code's way, so that rules and habits carry over. One that is too long ends in a mark of its own. */
export function toolName(server: string, tool: string): string {
  const name = `mcp__${server}__${tool.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`;
  const isPlain = name.length <= MAX_LENGTH && name.endsWith(`__${tool}`);
  if (isPlain) return name;
  const mark = createHash('sha256').update(`${server}\n${tool}`).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_LENGTH - mark.length - 1)}_${mark}`;
}
