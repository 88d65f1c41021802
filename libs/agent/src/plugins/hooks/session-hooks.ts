import type { SessionManager } from '@earendil-works/pi-coding-agent';
import {
  type HookEvent,
  type HookHands,
  type HookOccasion,
  type HookRemark,
  type HookWake,
  type HooksAnswer,
  type OwnedHook,
  runHooks,
} from '@pizzapi/plugins';
import type { HookNotice } from '@pizzapi/protocol';
import { unlessLost } from '../../session-file/session-lock.js';
import { CallDurations } from './call-durations.js';
import { HookEntry } from './hook-entry.js';
import { failsClosed, type HookSettings } from './hook-settings.js';
import { isOwnWork, NO_FACTS, type ServerOrigin, type SessionFacts } from './session-facts.js';

/** What differs from one occasion to the next. */
export interface Occasion extends Pick<HookOccasion, 'fields' | 'call' | 'signal'> {
  names?: readonly string[];
  /** Which of the hooks may run; default: all. */
  only?: (hook: OwnedHook) => boolean;
  /** What is worked on; default: what was said last. */
  promptId?: string;
}

export interface SessionHooksOptions {
  manager: SessionManager;
  sessionId: string;
  /** The hooks of all plugins that the session uses now. */
  hooks: () => readonly OwnedHook[];
  hands: HookHands;
  /** What is known of the session now; default: nothing. */
  facts?: () => SessionFacts;
  /** Default: nothing fails closed. */
  settings?: HookSettings;
}

/** How long a hook takes before people read what it does. */
const STATUS_AFTER_MS = 200;
/** How often in a row hooks may wake the agent, with no call of a tool in between, and nothing else said. */
const MAX_WAKES = 8;
/** Of one plugin. */
const MAX_BROKEN = 10;

/** Runs plugins' hooks for one session, and writes into its file what people are to know of them. */
export class SessionHooks {
  readonly #options: SessionHooksOptions;
  /** What is broken is told once. */
  readonly #toldProblems = new Set<string>();
  /** Of each plugin's folder, what people are shown of its broken hooks. */
  readonly #broken = new Map<string, string[]>();
  readonly #late: string[] = [];
  /** How long calls run. */
  readonly durations = new CallDurations();
  /** Of what was said last to the agent; null: nothing yet. */
  #promptId: string | null = null;
  /** Told after each change of {@link brokenOf}. */
  onBroken: () => void = () => undefined;
  /** Told after something was written that people are to know: nobody may be waiting for it. */
  onNote: () => void = () => undefined;
  /** What people read while hooks are waited for; the last of several. Null: nothing. */
  onStatus: (status: string | null) => void = () => undefined;
  /** The agent is to read this, and to begin a turn where none runs. */
  onWake: (text: string) => void = () => undefined;
  #ending = new AbortController();
  readonly #statuses = new Set<{ text: string }>();
  /** How many hooks that may wake the agent are running. */
  #watching = 0;
  /** How often hooks have woken the agent, with nothing in between. */
  #wakes = 0;

  constructor(options: SessionHooksOptions) {
    this.#options = options;
  }

  /** Which hooks of the plugin in this folder were broken, a sentence each. */
  brokenOf(root: string): readonly string[] {
    return this.#broken.get(root) ?? [];
  }

  /** What is known of the session now. */
  get facts(): SessionFacts {
    return this.#options.facts?.() ?? NO_FACTS;
  }

  /** The agent gets to read what goes by this id. */
  nowWorksOn(promptId: string): void {
    this.#promptId = promptId;
  }

  /** Where a tool is one of an MCP server's: that. */
  serverField(toolName: string): { mcp_server?: ServerOrigin } {
    const server = toolName.startsWith('mcp__') ? this.facts.serverOf(toolName) : null;
    return server === null ? {} : { mcp_server: server };
  }

  /** Whether none runs that may wake the agent. */
  get isAtRest(): boolean {
    return this.#watching === 0;
  }

  /** The agent has called a tool, or somebody else than a hook has said something. */
  gotOn(): void {
    this.#wakes = 0;
  }

  /** Aborted when what runs now is not wanted any more. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Ends those that run: the turn that waits for them is broken off. */
  abort(): void {
    this.#ending.abort();
    this.#ending = new AbortController();
  }

  /** Runs those that are for it. What people are to know is written; the rest is the caller's to do. Never rejects. */
  async run(event: HookEvent, occasion: Occasion): Promise<HooksAnswer> {
    const { fields, call, names = [], signal, only } = occasion;
    const { manager, hooks, hands, settings = {} } = this.#options;
    const effort = isOwnWork(event, fields) ? this.facts.effort : null;
    const { ending } = this;
    const answer = await runHooks(
      only ? hooks().filter(only) : hooks(),
      {
        event,
        names,
        fields: { ...this.#ofSession(occasion), ...(effort !== null && { effort: { level: effort } }), ...fields },
        projectDir: manager.getCwd(),
        effort,
        failsClosed: ({ plugin }) => failsClosed(settings, plugin),
        signal: signal ? AbortSignal.any([signal, ending]) : ending,
        onLate: (late) => {
          this.#tell(late);
          this.keepLate(late.context);
          for (const wake of late.wakes) this.#wake(wake);
        },
        onBegin: (hook) => this.#begin(hook),
        ...(call && { call }),
      },
      hands,
    );
    this.#tell(answer);
    if (answer.stop) this.note('stopped', answer.stop);
    return answer;
  }

  /** What every hook is told. */
  #ofSession({ promptId = this.#promptId ?? undefined }: Occasion): Record<string, unknown> {
    const { manager, sessionId } = this.#options;
    return {
      session_id: sessionId,
      ...(promptId !== undefined && { prompt_id: promptId }),
      transcript_path: manager.getSessionFile() ?? '',
      cwd: manager.getCwd(),
      permission_mode: 'default',
    };
  }

  /** What the model is told with the next turn. */
  keepLate(context: readonly string[]): void {
    this.#late.push(...context);
  }

  /** What hooks that nobody waited for have for the model since this was last asked. */
  takeLate(): string[] {
    return this.#late.splice(0);
  }

  #begin({ isAsync, wakes, status }: OwnedHook): () => void {
    if (wakes) this.#watching += 1;
    if (isAsync || status === undefined) return () => void (this.#watching -= wakes ? 1 : 0);
    const shown = { text: status };
    const tell = (): void => this.onStatus([...this.#statuses].at(-1)?.text ?? null);
    // What is over at once, nobody could read.
    const timer = setTimeout(() => {
      this.#statuses.add(shown);
      tell();
    }, STATUS_AFTER_MS);
    return () => {
      clearTimeout(timer);
      if (this.#statuses.delete(shown)) tell();
    };
  }

  #wake({ summary, ...remark }: HookWake): void {
    if (summary !== null) this.note('said', { ...remark, text: summary });
    this.#wakes += 1;
    if (this.#wakes <= MAX_WAKES)
      return this.onWake(`A hook of the plugin ${remark.plugin} says, from the background: ${remark.text}`);
    this.note('failed', {
      ...remark,
      text: `it has woken the agent ${MAX_WAKES} times in a row, and wakes it no more`,
    });
  }

  #tell({ messages, problems }: HooksAnswer): void {
    for (const message of messages) this.note('said', message);
    for (const problem of problems) this.#noteProblem(problem);
  }

  note(outcome: HookNotice['outcome'], { plugin, event, text }: HookRemark): void {
    const notice: HookNotice = { role: 'pluginHook', plugin, event, outcome, text, at: new Date().toISOString() };
    unlessLost(() => this.#options.manager.appendCustomEntry(HookEntry, notice));
    this.onNote();
  }

  #noteProblem(problem: HookRemark): void {
    const key = JSON.stringify(problem);
    if (this.#toldProblems.has(key)) return;
    this.#toldProblems.add(key);
    this.note('failed', problem);
    const { root, event, text } = problem;
    const known = this.brokenOf(root);
    if (known.length >= MAX_BROKEN) return;
    this.#broken.set(root, [...known, `At ${event}: ${text}.`.slice(0, 500)]);
    this.onBroken();
  }
}
