import { Client, type Progress, SseError, type Tool, type Transport } from '@modelcontextprotocol/client';
import { Variables } from '../settings/expand-variables.js';
import type { McpServer } from '../settings/read-servers.js';
import { toolResult, type ToolResult } from '../tools/tool-result.js';
import { lineFault } from './line-fault.js';
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

/** The line to one server. It is opened by {@link start}, and anew by that or a call after it broke. */
export class ServerConnection {
  readonly #server: McpServer;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #variables: Variables;
  #connected: Promise<Client> | null = null;
  /** Of the line that is open, or being opened. */
  #transport: Transport | null = null;
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
  async call(name: string, args: Record<string, unknown>, options: CallOptions): Promise<ToolResult> {
    try {
      const client = await this.#open();
      try {
        return await this.#ask(client, name, args, options);
      } catch (error) {
        const fault = options.signal?.aborted ? 'none' : lineFault(error);
        if (fault !== 'none') await this.#drop(client, error);
        if (fault !== 'unheard') throw error;
        return await this.#ask(await this.#open(), name, args, options);
      }
    } catch (error) {
      throw new Error(`The MCP server ${this.#server.name}: ${this.#sentence(error)}`, { cause: error });
    }
  }

  /** At once, whether it is open or being opened: what waits for an answer fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#transport?.close();
  }

  async #ask(
    client: Client,
    name: string,
    args: Record<string, unknown>,
    { signal, onProgress }: CallOptions,
  ): Promise<ToolResult> {
    const timeout = this.#server.settings.timeoutMs ?? CALL_TIMEOUT_MS;
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
    this.#transport = transport;
    try {
      await client.connect(transport, { timeout: startTimeoutMs });
      const { tools } = await client.listTools({}, { timeout: LIST_TIMEOUT_MS });
      this.#listener.onTools(tools);
    } catch (error) {
      await client.close();
      await transport.close();
      throw endOf(transport) ?? error;
    }
    client.onclose = () => this.#lost(transport, endOf(transport));
    // It would be reopened by itself, to a server that does not know this client.
    client.onerror = (error) => void (error instanceof SseError && this.#drop(client, error));
    if (this.#isClosed) await client.close();
    return client;
  }

  /** The line is of no use any more. Nothing happens where it has been given up already. */
  async #drop(client: Client, error: unknown): Promise<void> {
    const { transport } = client;
    if (!transport || transport !== this.#transport) return;
    this.#lost(transport, endOf(transport) ?? error);
    await client.close();
  }

  #relist(client: Client, error: Error | null, tools: readonly Tool[] | null): void {
    if (error === null && tools !== null) return this.#listener.onTools(tools);
    // What it had stays; when it is asked for the next time, it may answer.
    client.listTools({}, { timeout: LIST_TIMEOUT_MS }).then(
      (list) => this.#listener.onTools(list.tools),
      () => undefined,
    );
  }

  #lost(transport: Transport, error: unknown): void {
    if (transport !== this.#transport) return;
    this.#transport = null;
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
