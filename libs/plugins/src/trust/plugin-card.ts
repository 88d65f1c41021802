import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginHook } from '../hooks/hook.js';
import type { Plugin } from '../plugin.js';
import { fillCommand } from '../fill-command.js';
import { readOwnFile, UnfitFolderError } from './content-hash.js';

/** Lines that stand on the card by themselves. */
const MAX_RUNS = 12;
/** Characters of everything that is shown, and of what the plugin runs, which has to be shown whole. */
const MAX_CHARACTERS = 18_000;
const MAX_RUN_CHARACTERS = 8_000;
const MAX_FILE_CHARACTERS = 4_000;

/** What somebody should know who is to trust a plugin, a sentence each. */
export function abilitiesOf({ hooks, commands, skillFolders, agentFolders, rules }: Plugin): string[] {
  const more = hooks.length - MAX_RUNS;
  const names = commands.map(({ name }) => `/${name}`).join(', ');
  return [
    ...hooks.slice(0, MAX_RUNS).map((hook) => cut(`Run ${runText(hook)}`, 240)),
    ...(more > 0 ? [`Run ${more} more commands by itself; all are listed below`] : []),
    ...(commands.length > 0 ? [cut(`Offer the commands ${names}`, 300)] : []),
    ...(skillFolders.length > 0 ? ['Teach the agent skills'] : []),
    ...(agentFolders.length > 0 ? ['Bring subagents'] : []),
    ...(rules.length > 0 ? ['Tell the agent rules'] : []),
  ];
}

/**
 * What a plugin is made of: first, and whole, what it runs; then its files. Whatever is left out is said to be.
 * @throws UnfitFolderError when it runs more than can be shown
 */
export async function contentText(
  { path: folder, hooks, commands }: Plugin,
  files: readonly string[],
): Promise<string> {
  const runs = [
    ...hooks.map((hook) => `by itself ${runText(hook)}`),
    ...commands.flatMap(({ name, content }) =>
      fillCommand(content, '').flatMap((part) => (part.kind === 'shell' ? [`with /${name}: ${part.text}`] : [])),
    ),
  ].join('\n');
  if (runs.length > MAX_RUN_CHARACTERS)
    throw new UnfitFolderError('it runs more than somebody who is asked could read');
  const sizes = await Promise.all(
    files.map(async (file) => `${file} (${(await lstat(join(folder, file))).size} bytes)`),
  );
  let text = `It runs:\n${runs || 'nothing'}\n\n${files.length} files:\n${cut(sizes.join('\n'), MAX_FILE_CHARACTERS)}\n`;
  for (const [index, file] of files.entries()) {
    const room = Math.min(MAX_FILE_CHARACTERS, MAX_CHARACTERS - text.length);
    if (room < 200) return `${text}\n[NOT SHOWN: ${files.length - index} more files]`;
    text += `\n== ${file}\n${shown(await readOwnFile(join(folder, file)), room)}\n`;
  }
  return text;
}

function shown(content: Buffer, room: number): string {
  if (content.subarray(0, 1_024).includes(0)) return '[NOT SHOWN: it is not a text]';
  return cut(content.toString(), room);
}

function runText({ event, matcher, command, args }: PluginHook): string {
  const which = matcher === '' || matcher === '*' ? '' : ` (${matcher})`;
  return `at ${event}${which}: ${[command, ...(args ?? [])].join(' ')}`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)} [NOT SHOWN: ${text.length - length} more characters]`;
}
