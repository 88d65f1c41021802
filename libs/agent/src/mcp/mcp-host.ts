import { setTimeout as pause } from 'node:timers/promises';
import type { ExtensionFactory } from '@earendil-works/pi-coding-agent';
import { McpServers } from '@pizzapi/mcp';
import { type McpServerState, ProblemCode } from '@pizzapi/protocol';
import type { Sandbox } from '@pizzapi/sandbox';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { McpPorts } from './mcp-ports.js';
import { McpTools } from './mcp-tools.js';
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
  sandbox: Sandbox | null;
  cwd: string;
}

/**
 * A session's MCP servers and their tools. The person's own start with the session, side by side, and hold nothing up; the project's once somebody agreed to
 * its file.
 */
export class McpHost {
  readonly #parts: McpHostParts;
  readonly #servers: McpServers;
  #tools: McpTools | null = null;
  #listener: McpListener | null = null;
  #starting: Promise<unknown> = Promise.resolve();
  /** Of the turn that is beginning. */
  #patience = new AbortController();
  #isEnding = false;
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
      client: { name: 'pizzapi', version: '0.1.0' },
    };
    this.#servers = new McpServers(ports.list.servers, options, () => this.#onChange());
  }

  get states(): McpServerState[] {
    return this.#servers.states;
  }

  /** Gives pi the tools. */
  readonly extension: ExtensionFactory = (pi) => {
    this.#tools = new McpTools(pi, this.#servers);
    pi.on('before_agent_start', async () => {
      if (this.#isEnding) return;
      this.#patience = new AbortController();
      const { signal } = this.#patience;
      const started = Promise.all([this.#starting, this.#servers.retry()]);
      await Promise.race([started, pause(PATIENCE_MS, undefined, { ref: false, signal }).catch(() => undefined)]);
    });
  };

  /** Starts what may start, and asks about the rest. Does not wait. */
  start(listener: McpListener): void {
    this.#listener = listener;
    const { list, trust } = this.#parts.ports;
    for (const { path, name, detail } of list.problems)
      listener.problem(ProblemCode.mcpConfigInvalid, `${path}: ${name === null ? '' : `the server ${name} `}${detail}`);
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

  /** A turn that waits for servers goes on. @param isLast no other is to wait */
  abort(isLast: boolean): void {
    this.#isEnding ||= isLast;
    this.#patience.abort();
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

  #failed(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    this.#listener?.problem(ProblemCode.internal, `The project's MCP servers could not be asked about: ${detail}`);
  }

  #tell(listener: McpListener, name: string, problem: string | null): void {
    if (problem === null) this.#told.delete(name);
    else if (this.#told.get(name) !== problem) {
      this.#told.set(name, problem);
      listener.problem(ProblemCode.mcpServerFailed, `MCP server ${name}: ${problem}`);
    }
  }
}
