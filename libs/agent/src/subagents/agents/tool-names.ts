import { piTool } from '@pizzapi/plugins';

/** Besides the tools that plugins' hooks see by Claude Code's names. */
const ASKING = { claude: 'AskUserQuestion', here: 'ask_user' };

/** `Bash(git log:*)`: a tool, and for which arguments. */
const SCOPED = /^([\w-]+)\((.*)\)$/s;

/** The tools of an agent's file as pi knows them, and a sentence for each that does not exist here. */
export interface ToolNames {
  tools: string[];
  notes: string[];
}

/**
 * Reads names of tools as Claude Code and pi write them.
 * A name with a scope is left out: taken for the whole tool, it would allow more than its file does.
 */
export function readToolNames(names: readonly string[], known: ReadonlySet<string>): ToolNames {
  const tools = new Set<string>();
  const notes: string[] = [];
  for (const name of names) {
    const scope = SCOPED.exec(name);
    const tool = name === ASKING.claude ? ASKING.here : (piTool(name) ?? name);
    if (scope) notes.push(`The tool ${name} is left out: a scope in brackets cannot be enforced here.`);
    else if (known.has(tool)) tools.add(tool);
    else notes.push(`The tool ${name} is left out: there is none of that name here.`);
  }
  return { tools: [...tools], notes };
}

/** A list as YAML has it: an array, or names between commas that are not inside brackets. Null for anything else. */
export function namesIn(value: unknown): string[] | null {
  if (typeof value === 'string') return clean(value.split(/,(?![^(]*\))/));
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) return null;
  return clean(value);
}

function clean(names: readonly string[]): string[] {
  return names.map((name) => name.trim()).filter((name) => name !== '');
}
