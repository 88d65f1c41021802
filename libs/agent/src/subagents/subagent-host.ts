import type { Extension, ExtensionContext, ToolDefinition } from '@earendil-works/pi-coding-agent';
import { SubagentLimits } from '@pizzapi/protocol';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { ApprovalGate } from '../approvals/approval-gate.js';
import { ASK_USER } from '../approvals/ask-user.js';
import type { SubagentHooks } from '../plugins/hooks/subagent-hooks.js';
import type { ConfinedTools, OfSubagent } from '../sandbox/confinement.js';
import { type DiscoveredAgents, discoverAgents } from './agents/discover-agents.js';
import type { FolderRules } from '../session/folder-rules.js';
import { AgentConsent } from './consent/agent-consent.js';
import type { RunProgress } from './run/run-progress.js';
import { Slots } from './run/slots.js';
import { SUBAGENT } from './subagent-name.js';
import type { SubagentParameters } from './subagent-parameters.js';
import type { SubagentPorts } from './subagent-ports.js';

/** pi's own tools. */
const PI_TOOLS = ['read', 'write', 'edit', 'bash', 'powershell', 'grep', 'find', 'ls'];

const STANDARD = { maxDepth: 1, timeoutMs: 30 * 60_000 } as const;

/** What tools the session has, as they are when a subagent starts. */
export interface SessionTools {
  /** All that pi loaded, in its order. */
  extensions: () => readonly Extension[];
  /** Names of the tools that its agent has. */
  active: () => readonly string[];
  /** Those of pi's tools that run in the session's sandbox; none where they run like any other. */
  confined: ConfinedTools;
  /** What holds where subagents work. */
  folders: FolderRules;
}

/** What subagents of one session share. */
export class SubagentHost {
  readonly consent: AgentConsent;
  /** Of the session's own subagents, however many calls of the tool run at once. */
  readonly slots = new Slots(SubagentLimits.concurrent);

  constructor(
    readonly ports: SubagentPorts,
    readonly gate: ApprovalGate,
    readonly desk: ApprovalDesk,
    private readonly session: SessionTools,
    readonly hooks: SubagentHooks | null = null,
  ) {
    this.consent = new AgentConsent(desk, ports.consents);
  }

  /** What holds where they work. */
  get folders(): FolderRules {
    return this.session.folders;
  }

  /** Those that there are now. */
  agents(): Promise<DiscoveredAgents> {
    return discoverAgents(this.ports.folders, this.folders.mayRead);
  }

  /** Files of the session's extensions, in its order; a subagent's process loads them too. */
  get extensions(): string[] {
    return this.fileExtensions.map(({ resolvedPath }) => resolvedPath);
  }

  /** Names of the tools that a subagent may have. */
  toolsAt(depth: number): ReadonlySet<string> {
    const own = this.fileExtensions.flatMap(({ tools }) => [...tools.keys()]);
    return new Set([...PI_TOOLS, ...own, ASK_USER, ...(this.mayStartOthers(depth) ? [SUBAGENT] : [])]);
  }

  /** What it has where its file names none: of the session's tools, those that it may have. */
  standardToolsAt(depth: number): string[] {
    const known = this.toolsAt(depth);
    return this.session.active().filter((name) => known.has(name));
  }

  /** Its tools that run where the session's do. */
  confinedTools(cwd: string, of: OfSubagent): ToolDefinition[] {
    return this.session.confined(cwd, of);
  }

  /** How long one subagent may take. */
  get timeoutMs(): number {
    return this.ports.timeoutMs ?? STANDARD.timeoutMs;
  }

  /** @param depth of the subagent that would start them; the session's own are at depth 1 */
  mayStartOthers(depth: number): boolean {
    return depth < (this.ports.maxDepth ?? STANDARD.maxDepth);
  }

  /** Those that were loaded from files: ours are made in this process. */
  private get fileExtensions(): readonly Extension[] {
    return this.session.extensions().filter(({ path }) => !path.startsWith('<'));
  }
}

/** One call of the tool `subagent`, with all that is started in it. */
export interface SubagentCallContext {
  /** The session's tool call. */
  toolCallId: string;
  agents: DiscoveredAgents;
  progress: RunProgress;
  /** Does what an agent asks for, at some place of this call. */
  run: (parameters: SubagentParameters, place: Place) => Promise<RunResult>;
  /** pi's view of the session. */
  session: ExtensionContext;
  /** It is a plugin's hook that calls, and not an agent. */
  ofHook?: { maxTurns: number };
}

/** For the model that asked for it. */
export interface RunResult {
  text: string;
  isFailed: boolean;
}

/** Waits for a person's answer, with the time standing still. */
export type Pause = <T>(answer: Promise<T>) => Promise<T>;

/** Where in it something is started. */
export interface Place {
  /** 1 for what the session's own agent starts. */
  depth: number;
  /** The step that starts it; null: the session's own agent does. */
  startedBy: number | null;
  signal: AbortSignal;
  /** The time of those that started it stands still while a person is asked. */
  pause: Pause;
}
