import type { Tool } from '@modelcontextprotocol/client';
import { type CallOptions, type ConnectionOptions, ServerConnection } from './connect/server-connection.js';
import type { McpServer } from './settings/read-servers.js';
import { isStdio } from './settings/server-settings.js';
import { toolName } from './tools/tool-name.js';
import type { ToolResult } from './tools/tool-result.js';

/** Of one server: each costs context with every call of the model. */
const MAX_TOOLS = 200;
const MAX_DESCRIPTION = 4_000;
const MAX_SCHEMA = 50_000;

export type ServerStatus = 'waiting' | 'starting' | 'connected' | 'failed' | 'refused';

export interface ServerState {
  name: string;
  source: McpServer['source'];
  transport: 'stdio' | 'http' | 'sse';
  status: ServerStatus;
  toolCount: number;
  /** Of `failed` and `refused`: why, as a sentence. Of `connected`: what was left out. */
  reason: string | null;
}

/** A tool of a server, as a model gets it. */
export interface ServerTool {
  /** `mcp__server__tool`. */
  name: string;
  server: string;
  /** As the server calls it. */
  tool: string;
  title: string;
  description: string;
  /** JSON Schema of an object. */
  inputSchema: Record<string, unknown>;
}

/** After the second failed start in a row, doubled with each that follows; after the first there is none. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

interface Entry {
  server: McpServer;
  connection: ServerConnection;
  state: ServerState;
  tools: readonly ServerTool[];
  /** One after the other, without a start that worked. */
  failures: number;
  /** In ms of the clock: not before then is it started again by itself. */
  retryAt: number;
}

/** The servers of one session. They start side by side; one that fails leaves the others. {@link close} ends all of them. */
export class McpServers {
  readonly #entries = new Map<string, Entry>();
  readonly #changed: () => void;

  /** @param changed is told after each change of {@link states} or {@link tools} */
  constructor(servers: readonly McpServer[], options: ConnectionOptions, changed: () => void) {
    this.#changed = changed;
    for (const server of servers) this.#entries.set(server.name, this.#entryOf(server, options));
  }

  get states(): ServerState[] {
    return [...this.#entries.values()].map(({ state }) => state);
  }

  get tools(): ServerTool[] {
    return [...this.#entries.values()].flatMap(({ tools }) => tools);
  }

  /** Starts those of a source that were not started yet. Resolves when each is connected or has failed. */
  async start(source: McpServer['source']): Promise<void> {
    const waiting = this.#of(source, ['waiting', 'refused']);
    for (const entry of waiting) this.#tell(entry, { status: 'starting', reason: null });
    await Promise.all(waiting.map(({ connection }) => connection.start()));
  }

  /** Starts those again that failed, and have had their pause since. Resolves as {@link start}. */
  async retry(): Promise<void> {
    const due = [...this.#entries.values()].filter(
      ({ state, retryAt }) => state.status === 'failed' && Date.now() >= retryAt,
    );
    for (const entry of due) this.#tell(entry, { status: 'starting', reason: null });
    await Promise.all(due.map(({ connection }) => connection.start()));
  }

  /** Those of a source are not started. @param reason a sentence */
  refuse(source: McpServer['source'], reason: string): void {
    for (const entry of this.#of(source, ['waiting'])) this.#tell(entry, { status: 'refused', reason });
  }

  /** @throws Error whose message the model may read */
  call(
    { server, tool }: Pick<ServerTool, 'server' | 'tool'>,
    args: Record<string, unknown>,
    options: CallOptions = {},
  ): Promise<ToolResult> {
    const entry = this.#entries.get(server);
    if (!entry) return Promise.reject(new Error(`There is no MCP server ${server}.`));
    return entry.connection.call(tool, args, options);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ connection }) => connection.close()));
  }

  #of(source: McpServer['source'], statuses: readonly ServerStatus[]): Entry[] {
    return [...this.#entries.values()].filter(
      ({ server, state }) => server.source === source && statuses.includes(state.status),
    );
  }

  #entryOf(server: McpServer, options: ConnectionOptions): Entry {
    const { name, source, settings } = server;
    const transport = isStdio(settings) ? 'stdio' : settings.type === 'sse' ? 'sse' : 'http';
    const entry: Entry = {
      server,
      tools: [],
      failures: 0,
      retryAt: 0,
      state: { name, source, transport, status: 'waiting', toolCount: 0, reason: null },
      connection: new ServerConnection(server, options, {
        onTools: (tools) => {
          const { usable, reason } = chosen(name, tools);
          entry.tools = usable;
          entry.failures = 0;
          this.#tell(entry, { status: 'connected', toolCount: usable.length, reason });
        },
        // Its tools stay: a call starts it anew.
        onFailed: (reason) => {
          entry.retryAt = Date.now() + pauseAfter(entry.failures);
          entry.failures += 1;
          this.#tell(entry, { status: 'failed', reason });
        },
      }),
    };
    return entry;
  }

  #tell(entry: Entry, change: Partial<ServerState>): void {
    entry.state = { ...entry.state, ...change };
    this.#changed();
  }
}

function pauseAfter(earlierFailures: number): number {
  return earlierFailures === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (earlierFailures - 1), LONGEST_PAUSE_MS);
}

/** What of a list can be offered to a model, and in a sentence what cannot. The first of a name has it. */
function chosen(server: string, tools: readonly Tool[]): { usable: ServerTool[]; reason: string | null } {
  const fitting = tools.filter(({ inputSchema }) => JSON.stringify(inputSchema).length <= MAX_SCHEMA);
  const named = new Map<string, ServerTool>();
  for (const tool of fitting) {
    const each = offered(server, tool);
    if (!named.has(each.name)) named.set(each.name, each);
  }
  const usable = [...named.values()].slice(0, MAX_TOOLS);
  const leftOut = tools.length - usable.length;
  if (leftOut === 0) return { usable, reason: null };
  const causes = [
    ...(fitting.length < tools.length ? ['a schema is too large'] : []),
    ...(named.size < fitting.length ? ['others have the same name'] : []),
    ...(usable.length < named.size ? ['there are too many'] : []),
  ];
  return { usable, reason: `${leftOut} of its ${tools.length} tools are left out: ${causes.join(', ')}.` };
}

function offered(server: string, { name: tool, title, description = '', inputSchema, annotations }: Tool): ServerTool {
  return {
    name: toolName(server, tool),
    server,
    tool,
    title: title ?? annotations?.title ?? tool,
    description: description.slice(0, MAX_DESCRIPTION),
    inputSchema: { ...inputSchema },
  };
}
