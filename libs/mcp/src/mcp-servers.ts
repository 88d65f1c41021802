import { type CallOptions, type ConnectionOptions, ServerConnection } from './connect/server-connection.js';
import { argumentsIn, offeredPrompt, type ServerPrompt } from './prompts/prompt-arguments.js';
import type { ServerResource } from './resources/server-resource.js';
import type { McpServer } from './settings/read-servers.js';
import { isStdio } from './settings/server-settings.js';
import { offeredTools, type ServerTool } from './tools/offered-tools.js';
import type { ToolResult } from './tools/tool-result.js';

/** Of one server: people choose from them. */
const MAX_PROMPTS = 100;

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

/** After the second failed start in a row, doubled with each that follows; after the first there is none. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

interface Entry {
  server: McpServer;
  connection: ServerConnection;
  state: ServerState;
  tools: readonly ServerTool[];
  prompts: readonly ServerPrompt[];
  /** Whether it has something to read. */
  hasResources: boolean;
  /** One after the other, without a start that worked. */
  failures: number;
  /** In ms of the clock: not before then is it started again by itself. */
  retryAt: number;
}

/** The servers of one session. They start side by side; one that fails leaves the others. {@link close} ends all of them. */
export class McpServers {
  readonly #entries = new Map<string, Entry>();
  readonly #options: ConnectionOptions;
  readonly #changed: () => void;

  /** @param changed is told after each change of {@link states} or {@link tools} */
  constructor(servers: readonly McpServer[], options: ConnectionOptions, changed: () => void) {
    this.#options = options;
    this.#changed = changed;
    for (const server of servers) this.#entries.set(server.name, this.#entryOf(server));
  }

  /** Starts these besides, and resolves as {@link start}. @returns at once those whose names are taken, which are left out */
  add(servers: readonly McpServer[]): { taken: McpServer[]; started: Promise<void> } {
    const taken = servers.filter(({ name }) => this.#entries.has(name));
    const added = servers.filter((server) => !taken.includes(server)).map((server) => this.#entryOf(server));
    for (const entry of added) this.#entries.set(entry.server.name, entry);
    return { taken, started: this.#start(added) };
  }

  /** Ends those of a plugin and forgets them. */
  async drop(plugin: string): Promise<void> {
    const gone = [...this.#entries.values()].filter(({ server }) => server.plugin === plugin);
    for (const { server } of gone) this.#entries.delete(server.name);
    this.#changed();
    await Promise.all(gone.map(({ connection }) => connection.close()));
  }

  get states(): ServerState[] {
    return [...this.#entries.values()].map(({ state }) => state);
  }

  /** As the files name them. */
  get settings(): McpServer[] {
    return [...this.#entries.values()].map(({ server }) => server);
  }

  get tools(): ServerTool[] {
    return [...this.#entries.values()].flatMap(({ tools }) => tools);
  }

  get prompts(): ServerPrompt[] {
    return [...this.#entries.values()].flatMap(({ prompts }) => prompts);
  }

  /** The servers that have something to read. */
  get withResources(): string[] {
    return [...this.#entries].flatMap(([name, { hasResources }]) => (hasResources ? [name] : []));
  }

  /** Starts those of a source that were not started yet. Resolves when each is connected or has failed. */
  async start(source: McpServer['source']): Promise<void> {
    await this.#start(this.#of(source, ['waiting', 'refused']));
  }

  /** Starts those again that failed, and have had their pause since. Resolves as {@link start}. */
  async retry(): Promise<void> {
    const due = [...this.#entries.values()].filter(
      ({ state, retryAt }) => state.status === 'failed' && Date.now() >= retryAt,
    );
    await this.#start(due);
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
    return this.#connectionOf(server).then((connection) => connection.call(tool, args, options));
  }

  /** What a prompt says, with the words behind it as its arguments; null where one is missing. @throws as {@link call} */
  async fill(prompt: ServerPrompt, said: string, signal?: AbortSignal): Promise<string | null> {
    const args = argumentsIn(prompt, said);
    if (args === null) return null;
    const text = await (await this.#connectionOf(prompt.server)).prompt(prompt.prompt, args, signal);
    // A slash at the beginning would make it a command that nobody typed.
    return text.trimStart().startsWith('/') ? `The MCP server ${prompt.server} says:\n${text}` : text;
  }

  /** What a server has to read. @throws as {@link call} */
  async resources(server: string, signal?: AbortSignal): Promise<ServerResource[]> {
    return (await this.#connectionOf(server)).resources(signal);
  }

  /** @throws as {@link call} */
  async read(server: string, uri: string, signal?: AbortSignal): Promise<ToolResult> {
    return (await this.#connectionOf(server)).read(uri, signal);
  }

  /** What the session may reach has changed: lines to where it may not go any more are closed, which the states say. */
  async recheck(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ connection }) => connection.recheck()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ connection }) => connection.close()));
  }

  /** A server that nobody agreed to is never contacted. */
  #connectionOf(server: string): Promise<ServerConnection> {
    const entry = this.#entries.get(server);
    if (!entry) return Promise.reject(new Error(`There is no MCP server ${server}.`));
    const { status } = entry.state;
    if (status === 'waiting' || status === 'refused')
      return Promise.reject(new Error(`Nobody has agreed to the MCP server ${server}.`));
    return Promise.resolve(entry.connection);
  }

  async #start(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) this.#tell(entry, { status: 'starting', reason: null });
    await Promise.all(entries.map(({ connection }) => connection.start()));
  }

  #of(source: McpServer['source'], statuses: readonly ServerStatus[]): Entry[] {
    return [...this.#entries.values()].filter(
      ({ server, state }) => server.source === source && statuses.includes(state.status),
    );
  }

  #entryOf(server: McpServer): Entry {
    const { name, source, settings } = server;
    const transport = isStdio(settings) ? 'stdio' : settings.type === 'sse' ? 'sse' : 'http';
    const entry: Entry = {
      server,
      tools: [],
      prompts: [],
      hasResources: false,
      failures: 0,
      retryAt: 0,
      state: { name, source, transport, status: 'waiting', toolCount: 0, reason: null },
      connection: new ServerConnection(server, this.#options, {
        onTools: (tools) => {
          const { usable, reason } = offeredTools(name, tools);
          entry.tools = usable;
          entry.failures = 0;
          this.#tell(entry, { status: 'connected', toolCount: usable.length, reason });
        },
        onPrompts: (prompts) => {
          entry.prompts = prompts.slice(0, MAX_PROMPTS).map((prompt) => offeredPrompt(name, prompt));
          this.#changed();
        },
        onResources: (isOffered) => {
          if (entry.hasResources === isOffered) return;
          entry.hasResources = isOffered;
          this.#changed();
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
