import { textOfBlocks } from '../events/text-blocks.js';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExtensionFactory } from '@earendil-works/pi-coding-agent';
import {
  hintOf,
  type McpServer,
  McpServers,
  serverName,
  type ServerProblem,
  type ServerPrompt,
  type ServerTool,
} from '@pizzapi/mcp';
import { isUnchanged, type ProjectPlugin } from '@pizzapi/plugins';
import { type McpServerState, ProblemCode } from '@pizzapi/protocol';
import type { Sandbox } from '@pizzapi/sandbox';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { ApprovalGate } from '../approvals/approval-gate.js';
import { serverAsker, type ServerQuestionListener } from './ask-for-server.js';
import { type LendingSession, modelLender } from './lend-model.js';
import type { McpPorts } from './mcp-ports.js';
import { McpTools } from './mcp-tools.js';
import { pluginServers } from './plugin-servers.js';
import { resourceExtension } from './resource-extension.js';
import { serverConsent, unshowable } from './server-consent.js';
import { hostsOf, serverPrograms } from './server-programs.js';

/** How long a turn waits for servers that are just starting; those that take longer are there for a later one. */
const PATIENCE_MS = 5_000;

export interface McpListener {
  changed(): void;
  /** Something that a person should know. */
  problem(code: ProblemCode, detail: string): void;
}

export interface McpHostParts {
  ports: McpPorts;
  desk: ApprovalDesk;
  gate: ApprovalGate;
  sandbox: Sandbox | null;
  cwd: string;
  /** Told what servers ask people. Default: nobody is. */
  questions?: ServerQuestionListener;
}

/**
 * A session's MCP servers and their tools. The person's own start with the session, side by side, and hold nothing up; the project's once somebody agreed to
 * its file, those of its plugins with the plugin.
 */
export class McpHost {
  readonly #parts: McpHostParts;
  readonly #servers: McpServers;
  #tools: McpTools | null = null;
  #listener: McpListener | null = null;
  #starting: Promise<unknown> = Promise.resolve();
  /** Ends the wait of the turn that is beginning. */
  #patience = new AbortController();
  /** Ends the questions that servers ask. */
  #asking = new AbortController();
  #isEnding = false;
  #lending: LendingSession | null = null;
  /** The project's plugins whose servers are used, by their folders. */
  readonly #plugins = new Map<string, ProjectPlugin>();
  /** What was told of a server, so that the same is not told twice. */
  readonly #told = new Map<string, string>();

  constructor(parts: McpHostParts) {
    this.#parts = parts;
    const { ports, sandbox, cwd } = parts;
    const options = {
      cwd,
      env: ports.env,
      startProgram: serverPrograms(sandbox, ports.programEnvironment),
      mayReach: hostsOf(sandbox),
      client: { name: 'pizzapi', version: ports.version },
      mayStart: ({ plugin }: McpServer) => this.#isStill(plugin),
      ask: serverAsker(parts.desk, () => this.#asking.signal, parts.questions),
      lendModel: modelLender(
        parts.desk,
        () => this.#lending,
        () => this.#asking.signal,
      ),
    };
    this.#servers = new McpServers(ports.list.servers, options, () => this.#onChange());
  }

  get states(): McpServerState[] {
    return this.#servers.states;
  }

  /** Gives pi the tools. */
  readonly extension: ExtensionFactory = async (pi) => {
    this.#tools = new McpTools(pi, this.#servers);
    pi.on('before_agent_start', () => this.#started(true));
    const { gate, cwd } = this.#parts;
    await resourceExtension({ servers: this.#servers, gate, cwd })(pi);
  };

  /** pi has opened the session: from now on servers can ask for its model. */
  settle(session: LendingSession): void {
    this.#lending = session;
  }

  /** The prompts that servers have, as commands. */
  get prompts(): readonly ServerPrompt[] {
    return this.#servers.prompts;
  }

  /**
   * What the prompt of this name says, with the words behind it as its arguments. Null where there is no such prompt. Where it cannot be had,
   * people are told why, and the text is empty.
   */
  async fill(name: string, said: string, signal: AbortSignal): Promise<string | null> {
    if (!name.startsWith('mcp__')) return null;
    // It may be the first thing that is said.
    await this.#started(false);
    const prompt = this.prompts.find((each) => each.name === name);
    if (!prompt) return null;
    try {
      const text = await this.#servers.fill(prompt, said, signal);
      if (text !== null) return text;
      this.#listener?.problem(ProblemCode.invalidRequest, `Say more: /${prompt.name} ${hintOf(prompt)}.`);
    } catch (error) {
      this.#listener?.problem(ProblemCode.mcpServerFailed, error instanceof Error ? error.message : String(error));
    }
    return '';
  }

  /** Waits for those that are just starting. @param isRetry those that failed are started again */
  async #started(isRetry: boolean): Promise<void> {
    if (this.#isEnding) return;
    this.#patience = new AbortController();
    const { signal } = this.#patience;
    const started = Promise.all([this.#starting, ...(isRetry ? [this.#servers.retry()] : [])]);
    await Promise.race([started, pause(PATIENCE_MS, undefined, { ref: false, signal }).catch(() => undefined)]);
  }

  /** Starts the servers of a project's plugin that somebody trusts. Does not wait. */
  join(trusted: ProjectPlugin): void {
    const { plugin, serverFiles } = trusted;
    this.#plugins.set(plugin.path, trusted);
    const { servers, problems } = pluginServers(plugin, serverFiles);
    if (servers.length === 0 && problems.length === 0) return;
    const { taken, started } = this.#servers.add(servers);
    this.#starting = Promise.all([this.#starting, started]);
    const doubles = taken.map(({ name, path }) => ({ path, name, detail: 'is left out: another has its name.' }));
    for (const problem of [...problems, ...doubles]) this.#tellProblem(problem);
  }

  /** Ends the servers of a plugin that is no longer what was trusted. Does not wait. */
  leave({ plugin }: ProjectPlugin): void {
    this.#plugins.delete(plugin.path);
    this.#servers.drop(plugin.path).catch((error: unknown) => this.#failed(error));
  }

  /** Starts what may start, and asks about the rest. Does not wait. */
  start(listener: McpListener): void {
    this.#listener = listener;
    const { list, trust } = this.#parts.ports;
    for (const problem of list.problems) this.#tellProblem(problem);
    if (list.servers.length === 0) return;
    const obstacle = list.project && unshowable(list.project, list.servers);
    if (list.project && obstacle !== null) {
      listener.problem(ProblemCode.mcpConfigInvalid, `${list.project.path}: ${obstacle}`);
      this.#servers.refuse('project', `Their file ${obstacle}`);
    }
    // Also not where somebody agreed to it, as an earlier version showed it.
    const answer = obstacle === null ? list.project && trust.answerOn(list.project) : null;
    const isAgreed = answer === 'trusted';
    if (answer === 'refused') this.#servers.refuse('project', 'Somebody said no to them.');
    this.#starting = Promise.all([this.#servers.start('user'), ...(isAgreed ? [this.#servers.start('project')] : [])]);
    if (list.project !== null && obstacle === null && answer === null)
      this.#ask().catch((error: unknown) => this.#failed(error));
  }

  /** A tool by the names that its makers gave to server and tool. */
  toolNamed(server: string, tool: string): ServerTool | undefined {
    const name = serverName(server);
    return this.#servers.tools.find((each) => each.server === name && each.tool === tool);
  }

  /** The server whose tool goes by this name; undefined: there is none. */
  serverOf(toolName: string): McpServer | undefined {
    const tool = this.#servers.tools.find(({ name }) => name === toolName);
    return this.#servers.settings.find(({ name }) => name === tool?.server);
  }

  /** Calls a tool outside of the conversation, for a hook. @returns the text of its result @throws Error that a person may read */
  async callFor(tool: ServerTool, args: Record<string, unknown>, signal: AbortSignal): Promise<string> {
    const { content, isError } = await this.#servers.call(tool, args, { signal });
    const text = textOfBlocks(content);
    if (isError) throw new Error(text || 'the tool failed and said nothing');
    return text;
  }

  /** What the session may reach has changed. Does not wait. */
  recheck(): void {
    this.#servers.recheck().catch((error: unknown) => this.#failed(error));
  }

  /** The turn no longer waits for servers that are starting. @param isLast no later turn will, either */
  abort(isLast: boolean): void {
    this.#isEnding ||= isLast;
    this.#patience.abort();
    this.#asking.abort();
    this.#asking = new AbortController();
  }

  close(): Promise<void> {
    this.#listener = null;
    return this.#servers.close();
  }

  /** Nothing waits for the answer; until then the session works without. */
  async #ask(): Promise<void> {
    const { desk, ports } = this.#parts;
    const { project, servers } = ports.list;
    if (project === null) return;
    const { path, hash } = project;
    const { outcome, answeredBy, scope } = await desk.ask(serverConsent(project, servers), `mcp ${path}`, undefined);
    const isAnswered = outcome === 'allowed' || outcome === 'denied';
    if (isAnswered && answeredBy && scope !== 'session')
      ports.trust.remember({ path, hash }, outcome === 'allowed' ? 'trusted' : 'refused', answeredBy);
    if (outcome !== 'allowed') {
      const why =
        outcome === 'denied' ? `${answeredBy?.name ?? 'Somebody'} said no to them.` : 'Nobody agreed to them.';
      return this.#servers.refuse('project', why);
    }
    this.#starting = this.#servers.start('project');
    await this.#starting;
  }

  /** A program must not start from files that were changed since: it gets what the agent must not see. */
  async #isStill(plugin: string | undefined): Promise<boolean> {
    if (plugin === undefined) return true;
    const trusted = this.#plugins.get(plugin);
    return trusted !== undefined && isUnchanged(trusted);
  }

  #onChange(): void {
    const listener = this.#listener;
    if (!listener) return;
    listener.changed();
    for (const { name, status, reason } of this.states) {
      // Started again, it may fail as before: then nothing new is to be told.
      if (status !== 'starting') this.#tell(listener, name, status === 'failed' ? reason : null);
    }
    for (const name of this.#tools?.sync() ?? [])
      this.#tell(listener, name, 'pi does not take its schema; the tool is left out.');
  }

  #tellProblem({ path, name, detail }: ServerProblem): void {
    const what = name === null ? '' : `the server ${name} `;
    this.#listener?.problem(ProblemCode.mcpConfigInvalid, `${path}: ${what}${detail}`);
  }

  #failed(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    this.#listener?.problem(ProblemCode.internal, `Something went wrong with the project's MCP servers: ${detail}`);
  }

  #tell(listener: McpListener, name: string, problem: string | null): void {
    if (problem === null) this.#told.delete(name);
    else if (this.#told.get(name) !== problem) {
      this.#told.set(name, problem);
      listener.problem(ProblemCode.mcpServerFailed, `MCP server ${name}: ${problem}`);
    }
  }
}
