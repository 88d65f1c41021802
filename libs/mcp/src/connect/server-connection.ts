import {
  Client,
  type Progress,
  type Prompt,
  type RequestOptions,
  SdkHttpError,
  SseError,
  type Tool,
  type Transport,
  UnauthorizedError,
  UrlElicitationRequiredError,
} from '@modelcontextprotocol/client';
import { promptText } from '../prompts/prompt-text.js';
import type { LendModel } from '../questions/model-request.js';
import { linkIn } from '../questions/question-link.js';
import { offeredResource, resourceContent, type ServerResource } from '../resources/server-resource.js';
import { Variables } from '../settings/expand-variables.js';
import type { McpServer } from '../settings/read-servers.js';
import { isStdio } from '../settings/server-settings.js';
import { toolResult, type ToolResult } from '../tools/tool-result.js';
import { lineFault } from './line-fault.js';
import { addressOf, HostRefusedError, openTransport, type TransportPlace } from './open-transport.js';
import { ProgramTransport } from './program-transport.js';
import { QuestionGuard } from './question-guard.js';
import { SilenceLimit } from './silence-limit.js';
import { answerRequests, type AskPerson, clientCapabilities } from './server-requests.js';

/** Programs are downloaded when they are first started, as by npx. */
const START_TIMEOUT_MS = 60_000;
const LIST_TIMEOUT_MS = 15_000;
const CALL_TIMEOUT_MS = 60_000;
/** The longest that a call may take, however often the server gives a sign of life. */
const MAX_CALL_MS = 60 * 60_000;
const MAX_REASON = 500;

export interface ConnectionOptions extends TransportPlace {
  env: NodeJS.ProcessEnv;
  client: { name: string; version: string };
  /** Default: a minute. */
  startTimeoutMs?: number;
  /** Whether it may be started, now or again; asked each time. Default: yes. */
  mayStart?: (server: McpServer) => Promise<boolean>;
  /** Passes a server's question on to a person. */
  ask: AskPerson;
  /** Asks the session's model for a server. Default: it is not lent. */
  lendModel?: LendModel;
}

export interface ConnectionListener {
  /** All of its tools, at the beginning and whenever they change. */
  onTools(tools: readonly Tool[]): void;
  /** All of its prompts, at the beginning and whenever they change. */
  onPrompts(prompts: readonly Prompt[]): void;
  /** Whether it has something to read; told when it is connected. */
  onResources(isOffered: boolean): void;
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
  /** The line that is open, or being opened. */
  #transport: Transport | null = null;
  #isClosed = false;
  /** Of the calls that are running: each ends its call when the server gives no sign of life. */
  readonly #silences = new Set<SilenceLimit>();
  readonly #questions = new QuestionGuard();

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

  /** @throws Error whose message the model may read. That holds for all requests. */
  call(name: string, args: Record<string, unknown>, options: CallOptions): Promise<ToolResult> {
    const once = (client: Client): Promise<ToolResult> =>
      this.#patiently(options, async (patience) =>
        toolResult(await client.callTool({ name, arguments: args }, patience)),
      );
    return this.#request(options.signal, async (client) => {
      try {
        return await once(client);
      } catch (error) {
        if (!(error instanceof UrlElicitationRequiredError)) throw error;
        await this.#haveOpened(error, options.signal);
        return await once(client);
      }
    });
  }

  /** Before it does a call, a server may want addresses opened, as to sign in there. @throws when somebody does not */
  async #haveOpened(
    { elicitations }: UrlElicitationRequiredError,
    signal = new AbortController().signal,
  ): Promise<void> {
    const ask = this.#questions.over(this.#options.ask);
    for (const { url, message } of elicitations) {
      const { action } = await ask({ server: this.#server.name, message, fields: [], link: linkIn(url), signal });
      if (action !== 'accept') throw new Error('It wants an address opened first, and nobody did.');
    }
  }

  /** What a prompt says with these arguments. */
  prompt(name: string, args: Record<string, string>, signal?: AbortSignal): Promise<string> {
    return this.#request(signal, (client) =>
      this.#patiently({ signal }, async (patience) =>
        promptText(await client.getPrompt({ name, arguments: args }, patience)),
      ),
    );
  }

  /** What it has to read. */
  resources(signal?: AbortSignal): Promise<ServerResource[]> {
    const { name } = this.#server;
    return this.#request(signal, async (client) => {
      if (client.getServerCapabilities()?.resources === undefined) return [];
      const { resources } = await this.#patiently({ signal }, (patience) => client.listResources({}, patience));
      // Some servers know resources and no templates.
      const { resourceTemplates } = await this.#patiently({ signal }, (patience) =>
        client.listResourceTemplates({}, patience),
      ).catch(() => ({ resourceTemplates: [] }));
      return [
        ...resources.map((each) => offeredResource(name, each.uri, each)),
        ...resourceTemplates.map((each) => offeredResource(name, each.uriTemplate, each, true)),
      ];
    });
  }

  read(uri: string, signal?: AbortSignal): Promise<ToolResult> {
    return this.#request(signal, (client) =>
      this.#patiently({ signal }, async (patience) => resourceContent(await client.readResource({ uri }, patience))),
    );
  }

  /** Closes the line at once, also one that is being opened. Whatever waits for an answer fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#transport?.close();
  }

  /** What the session may reach has changed: a line to a host that is not allowed any more is closed, with the stream of events on it. */
  async recheck(): Promise<void> {
    const { settings } = this.#server;
    // One that is being opened is asked about with each of its requests.
    const client = await this.#connected?.catch(() => null);
    if (!client || isStdio(settings)) return;
    const { hostname } = addressOf(settings, this.#variables);
    if (!this.#options.mayReach(hostname)) await this.#drop(client, new HostRefusedError(hostname));
  }

  /** Makes a request; once more, where the line was broken and the server cannot have heard it. */
  async #request<T>(signal: AbortSignal | undefined, make: (client: Client) => Promise<T>): Promise<T> {
    this.#questions.begin();
    try {
      signal?.throwIfAborted();
      const client = await this.#open();
      try {
        return await make(client);
      } catch (error) {
        const fault = signal?.aborted ? 'none' : lineFault(error);
        if (fault !== 'none') await this.#drop(client, error);
        if (fault !== 'unheard') throw error;
        return await make(await this.#open());
      }
    } catch (error) {
      throw new Error(`The MCP server ${this.#server.name}: ${this.#sentence(error)}`, { cause: error });
    } finally {
      this.#questions.end();
    }
  }

  /** Makes a request that ends when the server gives no sign of life for a while. The time in which the server waits for a person does not count. */
  async #patiently<T>({ signal, onProgress }: CallOptions, ask: (options: RequestOptions) => Promise<T>): Promise<T> {
    const timeout = this.#server.settings.timeoutMs ?? CALL_TIMEOUT_MS;
    signal?.throwIfAborted();
    const silence = new SilenceLimit(timeout);
    this.#silences.add(silence);
    try {
      return await ask({
        // Only the outermost limit: the limit on its silence ends the call earlier.
        timeout: Math.max(MAX_CALL_MS, timeout),
        // Asked for always: with it a server that works on something says so.
        onprogress: (progress) => {
          silence.beat();
          onProgress?.(progress);
        },
        signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
      });
    } catch (error) {
      silence.signal.throwIfAborted();
      throw error;
    } finally {
      this.#silences.delete(silence);
      silence.end();
    }
  }

  #onAsking(): () => void {
    const held = [...this.#silences];
    for (const silence of held) silence.hold();
    return () => {
      for (const silence of held) silence.release();
    };
  }

  #open(): Promise<Client> {
    if (this.#isClosed) return Promise.reject(new Error(CLOSING));
    this.#connected ??= this.#connect().catch((error: unknown) => {
      this.#connected = null;
      if (!this.#isClosed) this.#listener.onFailed(this.#sentence(error));
      throw error;
    });
    return this.#connected;
  }

  async #connect(): Promise<Client> {
    const { client: clientInfo, startTimeoutMs = START_TIMEOUT_MS, mayStart } = this.#options;
    if (mayStart && !(await mayStart(this.#server))) throw new Error('It is not any more what somebody agreed to.');
    // While that was found out: a program that is started now would be nobody's to end.
    if (this.#isClosed) throw new Error(CLOSING);
    const client = new Client(clientInfo, {
      capabilities: clientCapabilities(this.#options.lendModel !== undefined),
      listChanged: {
        tools: { onChanged: (error, tools) => this.#relist(client, error, tools) },
        // Where the new list cannot be had, the old one stays.
        prompts: { onChanged: (_error, prompts) => void (prompts && this.#listener.onPrompts(prompts)) },
      },
    });
    const { cwd, lendModel: lend = null } = this.#options;
    const ask = this.#questions.over(this.#options.ask);
    const lendModel = lend && this.#questions.over(lend);
    answerRequests(client, { server: this.#server.name, cwd, ask, lendModel, onAsking: () => this.#onAsking() });
    const transport = openTransport(this.#server.settings, this.#variables, this.#options);
    this.#transport = transport;
    try {
      await client.connect(transport, { timeout: startTimeoutMs });
      const { tools } = await client.listTools({}, { timeout: LIST_TIMEOUT_MS });
      this.#listener.onTools(tools);
      this.#listener.onResources(client.getServerCapabilities()?.resources !== undefined);
    } catch (error) {
      await client.close();
      await transport.close();
      throw endOf(transport) ?? error;
    }
    client.onclose = () => this.#lost(transport, endOf(transport));
    // It would be reopened by itself, to a server that does not know this client.
    client.onerror = (error) => void (error instanceof SseError && this.#drop(client, error));
    if (this.#isClosed) await client.close();
    this.#listPrompts(client);
    return client;
  }

  /** Does not wait: a server that is slow with its prompts, or has none, can be used for its tools meanwhile. */
  #listPrompts(client: Client): void {
    if (client.getServerCapabilities()?.prompts === undefined) return;
    client.listPrompts({}, { timeout: LIST_TIMEOUT_MS }).then(
      ({ prompts }) => this.#listener.onPrompts(prompts),
      () => undefined,
    );
  }

  /** Gives up a line that is of no more use, unless that has been done already. */
  async #drop(client: Client, error: unknown): Promise<void> {
    const { transport } = client;
    if (!transport || transport !== this.#transport) return;
    this.#lost(transport, endOf(transport) ?? error);
    await client.close();
  }

  #relist(client: Client, error: Error | null, tools: readonly Tool[] | null): void {
    if (error === null && tools !== null) return this.#listener.onTools(tools);
    // The old list stays; the server may answer the next time.
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

  /** With its causes, which say more than "fetch failed", and without the values of variables, which may be secrets. */
  #sentence(error: unknown): string {
    const parts: string[] = [];
    for (let at = error; at instanceof Error && parts.length < 3; at = at.cause) parts.push(at.message);
    if (wantsToken(error)) parts.unshift(NO_TOKEN);
    const text = parts.length > 0 ? parts.filter((part) => part !== '').join(': ') : String(error);
    return this.#variables.redact(text).replaceAll(/\s+/g, ' ').slice(0, MAX_REASON);
  }
}

const CLOSING = 'the session is closing.';

const NO_TOKEN =
  'It wants a token (401), and got none or another. OAuth is not done here: have a token made by whoever runs it, put that into the runner\'s environment, start the runner again, and name it in the server\'s entry, as "headers": {"Authorization": "Bearer ${NAME}"}';

function wantsToken(error: unknown): boolean {
  return error instanceof UnauthorizedError || (error instanceof SdkHttpError && error.status === 401);
}

function endOf(transport: Transport): Error | null {
  return transport instanceof ProgramTransport && transport.endedBy !== null ? new Error(transport.endedBy) : null;
}
