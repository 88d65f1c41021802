import type { Prompt } from '@modelcontextprotocol/client';
import { toolName } from '../tools/tool-name.js';

/** A prompt of a server, as people call it. */
export interface ServerPrompt {
  /** `mcp__server__prompt`, without the slash. */
  name: string;
  server: string;
  /** As the server calls it. */
  prompt: string;
  description: string;
  arguments: { name: string; isRequired: boolean }[];
}

const MAX_DESCRIPTION = 1_000;

export function offeredPrompt(
  server: string,
  { name, title, description, arguments: args = [] }: Prompt,
): ServerPrompt {
  return {
    name: toolName(server, name),
    server,
    prompt: name,
    description: (description ?? title ?? name).slice(0, MAX_DESCRIPTION),
    arguments: args.map((each) => ({ name: each.name, isRequired: each.required === true })),
  };
}

/** What may follow a prompt's name: `<city> [day]`. */
export function hintOf({ arguments: args }: ServerPrompt): string {
  return args.map(({ name, isRequired }) => (isRequired ? `<${name}>` : `[${name}]`)).join(' ');
}

/** What is said besides a prompt, by its arguments in their order; quotes keep words together, and the last takes all that is left. Null: one is missing. */
export function argumentsIn({ arguments: args }: ServerPrompt, said: string): Record<string, string> | null {
  const words = [...said.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const last = args.length - 1;
  const given = args.flatMap(({ name }, at): [string, string][] => {
    const value = at < last ? words[at] : words.slice(at).join(' ');
    return value === undefined || (at >= words.length && value === '') ? [] : [[name, value]];
  });
  const values = Object.fromEntries(given);
  return args.every(({ name, isRequired }) => !isRequired || Object.hasOwn(values, name)) ? values : null;
}
