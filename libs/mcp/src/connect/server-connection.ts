import { Client, type Progress, type Tool, type Transport } from '@modelcontextprotocol/client';
import { Variables } from '../settings/expand-variables.js';
import type { McpServer } from '../settings/read-servers.js';
import { toolResult, type ToolResult } from '../tools/tool-result.js';
import { openTransport, type TransportPlace } from './open-transport.js';
import { ProgramTransport } from './program-transport.js';

/** Programs are downloaded when they are first started, as by npx. */
const START_TIMEOUT_MS = 60_000;
const LIST_TIMEOUT_MS = 15_000;
const CALL_TIMEOUT_MS = 60_000;
/** However often it gives a sign of life. */
const MAX_CALL_MS = 60 * 60_000;
const MAX_REASON = 500;

export interface ConnectionOptions extends TransportPlace {
  env: NodeJS.ProcessEnv;
  client: { name: string; version: string };
  /** Default: a minute. */
  startTimeoutMs?: number;
}

export interface ConnectionListener {
  /** All of its tools, at the beginning and whenever they change. */
  onTools(tools: readonly Tool[]): void;
  /** It is gone, or could not be reached; in a sentence without secrets. */
  onFailed(reason: string): void;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  onProgress?: (progress: Progress) => void;
}

/** The line to one server. It is opened by the first {@link start}, and anew by a call after it broke. */
export class ServerConnection {
  readonly #server: McpServer;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #variables: Variables;
  #connected: Promise<Client> | null = null;
  #isClosed = false;

  constructor(server: McpServer, options: ConnectionOptions, listener: ConnectionListener) {
    this.#server = server;
    this.#options = options;
    this.#listener = listener;
    this.#variables = new Variables(options.env);
  }

  /** Resolves when it is connected or has failed; the listener is told which. */
  async start(): Promise<void> {
    await this.#open().catch(() => undefined); // told already
  }

  /** @throws Error whose message the model may read */
  async call(name: string, args: Record<string, unknown>, { signal, onProgress }: CallOptions): Promise<ToolResult> {
    const timeout = this.#server.settings.timeoutMs ?? CALL_TIMEOUT_MS;
    try {
      const client = await this.#open();
      signal?.throwIfAborted();
      const result = await client.callTool(
        { name, arguments: args },
        {
          timeout,
          maxTotalTimeout: Math.max(MAX_CALL_MS, timeout),
          // Asked for always: with it a server that works on something says so.
          onprogress: (progress) => onProgress?.(progress),
          resetTimeoutOnProgress: true,
          ...(signal && { signal }),
        },
      );
      return toolResult(result);
    } catch (error) {
      throw new Error(`The MCP server ${this.#server.name}: ${this.#sentence(error)}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#connected?.catch(() => null);
    await client?.close();
  }

  #open(): Promise<Client> {
    if (this.#isClosed) return Promise.reject(new Error('the session is closing.'));
    this.#connected ??= this.#connect().catch((error: unknown) => {
      this.#connected = null;
      if (!this.#isClosed) this.#listener.onFailed(this.#sentence(error));
      throw error;
    });
    return this.#connected;
  }

  async #connect(): Promise<Client> {
    const { client: clientInfo, startTimeoutMs = START_TIMEOUT_MS } = this.#options;
    const client = new Client(clientInfo, {
      capabilities: {},
      listChanged: { tools: { onChanged: (error, tools) => this.#relist(client, error, tools) } },
    });
    const transport = openTransport(this.#server.settings, this.#variables, this.#options);
    try {
      await client.connect(transport, { timeout: startTimeoutMs });
      const { tools } = await client.listTools({}, { timeout: LIST_TIMEOUT_MS });
      this.#listener.onTools(tools);
    } catch (error) {
      await client.close();
      await transport.close();
      throw endOf(transport) ?? error;
    }
    client.onclose = () => this.#lost(endOf(transport));
    if (this.#isClosed) await client.close();
    return client;
  }

  #relist(client: Client, error: Error | null, tools: readonly Tool[] | null): void {
    if (error === null && tools !== null) return this.#listener.onTools(tools);
    // What it had stays; when it is asked for the next time, it may answer.
    client.listTools({}, { timeout: LIST_TIMEOUT_MS }).then(
      (list) => this.#listener.onTools(list.tools),
      () => undefined,
    );
  }

  #lost(error: Error | null): void {
    this.#connected = null;
    if (!this.#isClosed) this.#listener.onFailed(this.#sentence(error ?? new Error('It closed the connection.')));
  }

  /** Causes say more than "fetch failed"; values of variables say too much. */
  #sentence(error: unknown): string {
    const parts: string[] = [];
    for (let at = error; at instanceof Error && parts.length < 3; at = at.cause) parts.push(at.message);
    const text = parts.length > 0 ? parts.filter((part) => part !== '').join(': ') : String(error);
    return this.#variables.redact(text).replaceAll(/\s+/g, ' ').slice(0, MAX_REASON);
  }
}

function endOf(transport: Transport): Error | null {
  return transport instanceof ProgramTransport && transport.endedBy !== null ? new Error(transport.endedBy) : null;
}
