import { createHash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { type ServerSettings, ServerSettings as Schema } from './server-settings.js';

const validator = Compile(Schema);

/** Of one file. More would not fit into anybody's context. */
const MAX_SERVERS = 50;

/** A file with servers. A `project`'s comes from its repository: nothing of it is started without a person's consent. */
export interface ServerFile {
  path: string;
  source: 'user' | 'project';
  /** The folder of the project's plugin that it belongs to. */
  plugin?: string;
  /** What `${NAME}` stands for in this file alone. */
  variables?: Readonly<Record<string, string>>;
}

export interface McpServer {
  /** As it is part of tools' names. */
  name: string;
  source: ServerFile['source'];
  /** The file that names it. */
  path: string;
  /** The folder of the project's plugin that brings it. */
  plugin?: string;
  settings: ServerSettings;
}

/** Something in a file that cannot be used. */
export interface ServerProblem {
  path: string;
  /** The server; null: the file. */
  name: string | null;
  detail: string;
}

export interface ServerList {
  /** Of two with one name the earlier file's counts. */
  servers: McpServer[];
  problems: ServerProblem[];
  /** The project's file as it was read, for whoever is to consent to it; null where it names no server. */
  project: { path: string; hash: string; content: string } | null;
}

/**
 * How a file is read. A string: its text; null: it is not there.
 * @throws Error that says why it is not read
 */
export type ReadServerFile = (file: ServerFile) => string | null;

/** Reads `mcpServers` of these files, the strongest first. What is wrong with one file or server leaves the others. */
export function readServers(files: readonly ServerFile[], read: ReadServerFile): ServerList {
  const list: ServerList = { servers: [], problems: [], project: null };
  for (const file of files) readFile(file, read, list);
  return list;
}

function readFile(file: ServerFile, read: ReadServerFile, list: ServerList): void {
  const { path, source, plugin, variables = {} } = file;
  const problem = (detail: string, name: string | null = null): void => void list.problems.push({ path, name, detail });
  let content: string | null;
  try {
    content = read(file);
  } catch (error) {
    return problem(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (content === null) return;
  const servers = serversIn(content, variables);
  if (typeof servers === 'string') return problem(servers);
  const entries = Object.entries(servers);
  if (entries.length > MAX_SERVERS)
    problem(`names ${entries.length} servers; those after the first ${MAX_SERVERS} are left out.`);
  for (const [given, settings] of entries.slice(0, MAX_SERVERS)) {
    const name = serverName(given);
    const nameFault = faultOfName(name);
    const own = list.servers.find((known) => known.name === name);
    if (nameFault !== null) problem(nameFault, given);
    else if (!validator.Check(settings)) problem(mistakeIn(settings), name);
    else if (own === undefined)
      list.servers.push({ name, source, path, settings, ...(plugin !== undefined && { plugin }) });
    else if (own.path === path) problem(`is left out: another of the file is called ${name}, too.`, given);
  }
  if (source === 'project' && list.servers.some((server) => server.path === path))
    list.project = { path, hash: createHash('sha256').update(content).digest('hex'), content };
}

/** As it is part of tools' names. */
export function serverName(given: string): string {
  return given.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}

function faultOfName(name: string): string | null {
  if (name === '' || name.length > 40) return 'has a name that is empty or longer than 40 characters.';
  // Rules know a server by the beginning of its tools' names: `mcp__github__*` must fit no other.
  if (name.includes('__') || name.endsWith('_'))
    return 'needs a name without `__` in it or `_` at its end, which keep apart the parts of its tools’ names.';
  return null;
}

/** @returns what is wrong, in words, or the entries */
function serversIn(content: string, variables: Readonly<Record<string, string>>): Record<string, unknown> | string {
  const filled = (_key: string, value: unknown): unknown =>
    typeof value === 'string'
      ? value.replace(/\$\{(\w+)\}/g, (whole, name: string) => variables[name] ?? whole)
      : value;
  let json: unknown;
  try {
    json = JSON.parse(content, filled);
  } catch (error) {
    return `is no JSON: ${jsonFault(error)}.`;
  }
  if (!isRecord(json)) return 'is no JSON object.';
  const servers = json['mcpServers'] ?? {};
  return isRecord(servers) ? servers : 'has `mcpServers` that is no object.';
}

/** Without what stands around the fault, which V8 quotes: that may be a key. */
function jsonFault(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said.replace(/, (?:\.\.\.)?"[^]*$/, '');
}

function mistakeIn(settings: unknown): string {
  const [first] = validator.Errors(settings);
  const where = first ? `${first.instancePath || 'it'} ${first.message}` : 'it is malformed';
  return `needs a \`command\`, or a \`type\` of "http" or "sse" with a \`url\` (${where}).`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
