import { lstat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { HookWork, PluginHook } from '../hooks/hook.js';
import { MANIFESTS } from '../manifest.js';
import type { Plugin } from '../plugin.js';
import { fillCommand } from '../fill-command.js';
import { type FolderContent, readOwnFile, UnfitFolderError } from './content-hash.js';

/** Lines that stand on the card by themselves: hooks, and MCP servers. */
const MAX_RUNS = 9;
const MAX_SERVERS = 5;
/** Characters of everything that is shown, and of what the plugin runs, which has to be shown whole. */
const MAX_CHARACTERS = 190_000;
const MAX_RUN_CHARACTERS = 8_000;
const MAX_FILE_CHARACTERS = 64_000;
const MAX_LIST_CHARACTERS = 20_000;

/** An MCP server of a plugin, as somebody is told of it. */
export interface ServerText {
  /** In a sentence. */
  summary: string;
  /** All that its file says of it. */
  whole: string;
}

/** What somebody should know who is to trust a plugin, a sentence each. */
export function abilitiesOf(plugin: Plugin, servers: readonly ServerText[]): string[] {
  const { hooks, commands, skillFolders, agentFolders, rules } = plugin;
  const names = commands.map(({ name }) => `/${name}`).join(', ');
  return [
    ...bounded(
      hooks.map((hook) => cut(`Run ${hookText(hook)}`, 240)),
      MAX_RUNS,
      'hooks by itself',
    ),
    ...bounded(
      servers.map(({ summary }) => cut(`Use the MCP server ${summary}`, 400)),
      MAX_SERVERS,
      'MCP servers',
    ),
    ...(commands.length > 0 ? [cut(`Offer the commands ${names}`, 300)] : []),
    ...(skillFolders.length > 0 ? ['Teach the agent skills'] : []),
    ...(agentFolders.length > 0 ? ['Bring subagents'] : []),
    ...(rules.length > 0 ? ['Tell the agent rules'] : []),
  ];
}

function bounded(lines: readonly string[], most: number, what: string): string[] {
  const more = lines.length - most;
  return [...lines.slice(0, most), ...(more > 0 ? [`Have ${more} more ${what}; all are listed below`] : [])];
}

/**
 * What a plugin is made of: first, and whole, what it runs; then its files. Whatever is left out is said to be.
 * @throws UnfitFolderError when it runs more than can be shown
 */
export async function contentText(
  { path: folder, hooks, commands, serverFiles }: Plugin,
  servers: readonly ServerText[],
  { files, links }: FolderContent,
): Promise<string> {
  const runs = [
    ...hooks.map((hook) => `by itself ${hookText(hook)}`),
    ...servers.map(({ whole }) => `with each session the MCP server ${whole}`),
    ...commands.flatMap(({ name, content, argumentNames }) =>
      fillCommand(content, '', argumentNames).flatMap((part) =>
        part.kind === 'shell' ? [`with /${name}: ${part.text}`] : [],
      ),
    ),
  ].join('\n');
  if (runs.length > MAX_RUN_CHARACTERS)
    throw new UnfitFolderError('it runs more than somebody who is asked could read');
  const sizes = await Promise.all(
    files.map(async (file) => `${file} (${(await lstat(join(folder, file))).size} bytes)`),
  );
  const list = [...sizes, ...links.map(({ name, target }) => `${name} (a link to ${target})`)].join('\n');
  let text = `It runs:\n${runs || 'nothing'}\n\n${files.length} files:\n${cut(list, MAX_LIST_CHARACTERS)}\n`;
  // What decides comes first: nothing that is longer pushes it out.
  const deciding = [...MANIFESTS, ...serverFiles.map((file) => relative(folder, file))];
  const inOrder = [
    ...files.filter((file) => deciding.includes(file)),
    ...files.filter((file) => !deciding.includes(file)),
  ];
  for (const [index, file] of inOrder.entries()) {
    const room = Math.min(MAX_FILE_CHARACTERS, MAX_CHARACTERS - text.length);
    if (room < 200) return `${text}\n[NOT SHOWN: ${files.length - index} more files]`;
    text += `\n== ${file}\n${shown(await readOwnFile(join(folder, file)), room)}\n`;
  }
  return text;
}

function shown(content: Buffer, room: number): string {
  if (content.subarray(0, 1_024).includes(0)) return '[NOT SHOWN: it is not a text]';
  // Indented, so that no line of a file looks like the beginning of another.
  return cut(content.toString().replace(/^/gm, '  '), room);
}

/** What a hook does, and when. */
export function hookText({ event, matcher, work, wakes }: PluginHook): string {
  const which = matcher === '' || matcher === '*' ? '' : ` (${matcher})`;
  return `at ${event}${which}${wakes ? ', and it may wake the agent' : ''}: ${workText(work)}`;
}

function workText(work: HookWork): string {
  switch (work.type) {
    case 'command':
      return [work.command, ...(work.args ?? [])].join(' ');
    case 'http':
      return `post what happens to ${work.url}${headersText(work)}`;
    case 'prompt':
      return `ask the model${work.model === null ? '' : ` ${work.model}`} ${JSON.stringify(work.prompt)}`;
    case 'agent':
      return `have a subagent${work.model === null ? '' : ` of the model ${work.model}`} look, with commands and files, and say: ${JSON.stringify(work.prompt)}`;
    case 'mcp_tool':
      return `call ${work.tool} of the MCP server ${work.server} with ${JSON.stringify(work.input)}`;
  }
}

function headersText({ headers, variables }: Extract<HookWork, { type: 'http' }>): string {
  const texts = Object.entries(headers).map(([name, text]) => `${name}: ${text}`);
  const sent = texts.length === 0 ? '' : ` with the headers ${JSON.stringify(texts)}`;
  return variables.length === 0 ? sent : `${sent} and of the environment ${variables.join(', ')}`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)} [NOT SHOWN: ${text.length - length} more characters]`;
}
