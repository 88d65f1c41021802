import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { FoundFiles, ProblemCode, SessionCommand, SessionOffer, UnnumberedSessionEvent } from '@pizzapi/protocol';
import type { ApprovalPolicy } from '../approvals/approval-policy.js';
import { listCommands } from '../commands/list-commands.js';
import { sessionEvent } from '../events/session-event.js';
import type { WorkingFolder } from '../files/working-folder.js';
import type { McpHost } from '../mcp/mcp-host.js';
import type { HeardPrompt } from '../plugins/hooks/hear-prompt.js';
import type { OpenedPlugins } from '../plugins/open-plugins.js';
import type { SandboxSetup } from '../sandbox/sandbox-setup.js';

export interface SurroundingsParts {
  folder: WorkingFolder;
  sandbox: SandboxSetup | null;
  opened: OpenedPlugins;
  mcp: McpHost | null;
}

/** Who is told what becomes of them. */
export interface SurroundingsListener {
  emit: (event: UnnumberedSessionEvent) => void;
  problem: (code: ProblemCode, detail: string) => void;
  failed: (error: unknown) => void;
  /** Something was written into the session's file that people are to know. */
  noted: () => void;
  /** What people read while hooks are waited for; null: nothing. */
  status: (status: string | null) => void;
  /** The agent is to read this, and to begin a turn where none runs. */
  wake: (text: string) => void;
}

/** What stands around a session's conversation: its folder, its wall, its plugins, its MCP servers, and the commands that come of them. */
export class SessionSurroundings {
  /** What an input may begin with; the same list for as long as the session is open. */
  readonly commands: SessionCommand[];
  readonly #session: AgentSession;
  readonly #parts: SurroundingsParts;

  constructor(session: AgentSession, parts: SurroundingsParts) {
    this.#session = session;
    this.#parts = parts;
    this.commands = this.#listCommands();
  }

  get offer(): SessionOffer {
    const { opened, mcp } = this.#parts;
    const plugins = opened.plugins.views.map((view) => {
      const broken = [...opened.hooks.brokenOf(view.path)];
      return broken.length === 0 ? view : { ...view, broken };
    });
    return { commands: [...this.commands], plugins, mcpServers: mcp?.states ?? [] };
  }

  /** Tells their state, starts what is to start and asks what is to be asked. Nothing waits for it. */
  start({ emit, problem, failed, noted, status, wake }: SurroundingsListener): void {
    const { sandbox, opened, mcp } = this.#parts;
    if (sandbox) emit(sessionEvent('sandbox.changed', sandbox.state));
    const changed = (): void => {
      this.commands.splice(0, Infinity, ...this.#listCommands());
      emit(sessionEvent('commands.changed', this.offer));
    };
    opened.hooks.onBroken = changed;
    opened.hooks.onNote = noted;
    opened.hooks.onStatus = status;
    opened.hooks.onWake = wake;
    opened.questions.begin({
      session: this.#session,
      changed,
      joined: (plugin) => {
        // Before any hook of it runs: who could change it could get rid of it.
        for (const wall of [sandbox?.sandbox, sandbox?.ofServers]) wall?.keep(plugin.plugin.path);
        mcp?.join(plugin);
      },
      left: (plugin) => mcp?.leave(plugin),
      failed,
    });
    mcp?.start({ changed, problem });
    for (const plugin of opened.plugins.ofProject) mcp?.join(plugin);
  }

  #listCommands(): SessionCommand[] {
    const { opened, mcp } = this.#parts;
    return listCommands(this.#session, opened.plugins.commands, mcp?.prompts);
  }

  /** Whether nothing of them may begin a turn by itself. */
  get isAtRest(): boolean {
    return this.#parts.opened.hooks.isAtRest;
  }

  /** What hooks make of what is said into a running turn. */
  hear(text: string): Promise<HeardPrompt> {
    return this.#parts.opened.hear(text);
  }

  findFiles(query: string, limit: number): Promise<FoundFiles> {
    return this.#parts.folder.find(query, limit);
  }

  setApprovals(approvals: ApprovalPolicy): void {
    this.#parts.opened.gate.setPolicy(approvals);
  }

  /** Tells its state; servers that may not be reached any more are left. */
  tellSandbox(emit: SurroundingsListener['emit']): void {
    const { sandbox, mcp } = this.#parts;
    mcp?.recheck();
    if (sandbox) emit(sessionEvent('sandbox.changed', sandbox.state));
  }

  /** The turn is broken off. @param isLast no other comes */
  abort(isLast = false): void {
    const { hooks } = this.#parts.opened;
    hooks.abort();
    // What fails after the last turn, nobody is offered any more.
    if (isLast) hooks.onBroken = () => undefined;
    this.#parts.mcp?.abort(isLast);
  }

  /** @param isOver it does not go on later */
  async close(isOver: boolean): Promise<void> {
    const { mcp, sandbox } = this.#parts;
    await Promise.all([mcp?.close(), sandbox?.close(isOver)]);
  }
}
