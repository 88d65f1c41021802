import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PluginList } from '@pizzapi/plugins';
import { readPlugins } from '../src/plugins/read-plugins.js';
import type { EventLog, SessionFixture } from './session-fixture.js';

/** A person's plugin `kit` with these hooks, by their events, and these files. */
export async function pluginWith(
  { home }: Pick<SessionFixture, 'home'>,
  hooks: object,
  files: Readonly<Record<string, string>> = {},
): Promise<PluginList> {
  const root = join(home, 'plugins');
  const all = { ...files, 'plugin.json': JSON.stringify({ name: 'kit', hooks }) };
  for (const [name, content] of Object.entries(all)) {
    const file = join(root, 'kit', name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return readPlugins({ roots: [root], installedFile: join(root, 'none.json') });
}

/** A command for an event, with these fields besides. */
export function commandAt(event: string, command: string, fields: object = {}, matcher = ''): object {
  return { [event]: [{ matcher, hooks: [{ type: 'command', command, ...fields }] }] };
}

/** What people are told of hooks, as `outcome: text`. */
export function hookNotices(log: EventLog): string[] {
  return log.of('entry.appended').flatMap(({ content }) => {
    const notice = JSON.stringify(content);
    const [, outcome, text] = /"event":"\w+","outcome":"(\w+)","text":"([^"]*)"/.exec(notice) ?? [];
    return outcome === undefined ? [] : [`${outcome}: ${text ?? ''}`];
  });
}
