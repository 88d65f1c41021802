import { isRecord } from '../manifest.js';
import type { HookEvent } from './hook-events.js';
import { PROMPT_EVENTS } from './hook-tables.js';
import type { HookWork } from './hook.js';

/** What a handler wants done, and which of its fields say so; or why it is not done, or what is wrong with it, as the end of a sentence. */
export type ReadWork = { work: HookWork; fields: ReadonlySet<string> } | { unadapted: string } | { fault: string };

type Fields = Record<string, unknown>;

/** What the handlers of every type may say. */
const COMMON = ['type', 'timeout', 'if', 'statusMessage', 'once'];

export function readWork(event: HookEvent, handler: Fields): ReadWork {
  switch (handler['type']) {
    case 'command':
      return commandOf(handler);
    case 'http':
      return postOf(handler);
    case 'prompt':
    case 'agent':
      return questionIn(event, handler['type'], handler);
    case 'mcp_tool':
      return toolOf(handler);
    default:
      return { unadapted: `of the type ${JSON.stringify(handler['type'])} is not run: no such type is known` };
  }
}

function commandOf({ command, args, shell }: Fields): ReadWork {
  if (shell !== undefined && shell !== 'bash')
    return { unadapted: `with the shell ${JSON.stringify(shell)} is not run` };
  if (!isText(command)) return { fault: 'has no text "command"' };
  return read({ type: 'command', command, args: Array.isArray(args) ? args.map(String) : null }, [
    'command',
    'args',
    'async',
    'asyncRewake',
    'rewakeMessage',
    'rewakeSummary',
    'shell',
    'onFailure',
  ]);
}

function postOf({ url, headers = {}, allowedEnvVars = [] }: Fields): ReadWork {
  const protocol = typeof url === 'string' && URL.canParse(url) ? new URL(url).protocol : null;
  if (typeof url !== 'string' || (protocol !== 'http:' && protocol !== 'https:'))
    return { fault: 'has no address "url" that begins with http:// or https://' };
  if (!isRecord(headers) || !hasTexts(headers)) return { fault: 'has "headers" that are not all texts' };
  const variables = Array.isArray(allowedEnvVars) ? allowedEnvVars.filter((name) => typeof name === 'string') : [];
  return read({ type: 'http', url, headers, variables }, ['url', 'headers', 'allowedEnvVars', 'onFailure']);
}

function questionIn(event: HookEvent, type: 'prompt' | 'agent', handler: Fields): ReadWork {
  const { prompt, model, continueOnBlock } = handler;
  if (!PROMPT_EVENTS.has(event)) return { unadapted: `of the type "${type}" is not run: a no would change nothing` };
  if (!isText(prompt)) return { fault: 'has no text "prompt"' };
  const asked = { prompt, model: isText(model) ? model : null };
  if (type === 'agent') return read({ type, ...asked }, ['prompt', 'model']);
  return read({ type, ...asked, continueOnBlock: continueOnBlock === true }, ['prompt', 'model', 'continueOnBlock']);
}

function toolOf({ server, tool, input = {} }: Fields): ReadWork {
  if (!isText(server) || !isText(tool)) return { fault: 'has no texts "server" and "tool"' };
  if (!isRecord(input)) return { fault: 'has an "input" that is no object' };
  // Claude Code's name for a server of a plugin.
  return read({ type: 'mcp_tool', server: server.replace(/^plugin:[^:]+:/, ''), tool, input }, [
    'server',
    'tool',
    'input',
  ]);
}

function read(work: HookWork, own: readonly string[]): ReadWork {
  return { work, fields: new Set([...COMMON, ...own]) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function hasTexts(value: Fields): value is Record<string, string> {
  return Object.values(value).every((each) => typeof each === 'string');
}
