import { readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { readSmallFile, UnreadableFileError } from '@pizzapi/plugins';
import { AgentFileInvalidError } from '../subagent-error.js';
import type { AgentDefinition, AgentFileProblem, AgentSource } from './agent-definition.js';
import { parseAgentFile } from './parse-agent-file.js';

/** A folder of agents' files, or one of them. */
export interface AgentFolder {
  path: string;
  source: AgentSource;
  /** The plugin that brings them, and before a colon what their names begin with. */
  plugin?: string;
  /** That plugin's folder, for which `${CLAUDE_PLUGIN_ROOT}` stands in their instructions. */
  root?: string;
}

export interface DiscoveredAgents {
  /** By their names; of two with one name, that of the earlier folder. */
  agents: ReadonlyMap<string, AgentDefinition>;
  /** Files that are no agents, and agents that another one stands before. */
  problems: AgentFileProblem[];
}

/** Anything larger is not an agent's file. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads the agents anew, because a person or an agent may have changed them. The user's folders come before a project's.
 * @param mayRead whether a file may be read that leads there: whoever writes a project, or a plugin in it, can put a link into it
 */
export async function discoverAgents(
  folders: readonly AgentFolder[],
  mayRead: (realPath: string) => boolean = () => true,
): Promise<DiscoveredAgents> {
  const agents = new Map<string, AgentDefinition>();
  const problems: AgentFileProblem[] = [];
  for (const { path, source, ...of } of folders) {
    for (const file of await filesIn(path, of.plugin !== undefined)) {
      const read = inPlugin(readAgent(file, source, mayRead), path, of);
      const known = 'name' in read ? agents.get(read.name) : undefined;
      if (!('name' in read)) problems.push(read);
      else if (known) problems.push({ path: file, detail: `${known.path} has the same name and comes first` });
      else agents.set(read.name, read);
    }
  }
  return { agents, problems };
}

const ROOT = /\$\{CLAUDE_PLUGIN_ROOT\}|\$CLAUDE_PLUGIN_ROOT\b/g;

/** Folders in a plugin's folder are parts of the names. */
function inPlugin(
  read: AgentDefinition | AgentFileProblem,
  place: string,
  { plugin, root }: Pick<AgentFolder, 'plugin' | 'root'>,
): AgentDefinition | AgentFileProblem {
  if (plugin === undefined || !('name' in read)) return read;
  const folders = read.path === place ? [] : relative(place, dirname(read.path)).split(sep).filter(Boolean);
  const prompt = root === undefined ? read.prompt : read.prompt.replaceAll(ROOT, () => root);
  return { ...read, name: [plugin, ...folders, read.name].join(':'), prompt };
}

function readAgent(
  path: string,
  source: AgentSource,
  mayRead: (realPath: string) => boolean,
): AgentDefinition | AgentFileProblem {
  try {
    return parseAgentFile(path, readSmallFile(path, { maxBytes: MAX_BYTES, mayRead }), source);
  } catch (error) {
    if (error instanceof AgentFileInvalidError || error instanceof UnreadableFileError)
      return { path, detail: error.detail };
    return { path, detail: `it cannot be read (${codeOf(error)})` };
  }
}

/** Markdown files in alphabetical order; none where there is no folder, or none that may be read. A place may be such a file itself. */
async function filesIn(folder: string, isDeep: boolean): Promise<string[]> {
  if (folder.endsWith('.md')) return [folder];
  try {
    const names = await readdir(folder, { recursive: isDeep });
    return names
      .filter((name) => name.endsWith('.md'))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error))) return [];
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
}
