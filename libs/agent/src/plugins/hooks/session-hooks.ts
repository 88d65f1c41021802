import type { SessionManager } from '@earendil-works/pi-coding-agent';
import {
  type HookEvent,
  type HookHands,
  type HookOccasion,
  type HookRemark,
  type HooksAnswer,
  type OwnedHook,
  runHooks,
} from '@pizzapi/plugins';
import type { HookNotice } from '@pizzapi/protocol';
import { HookEntry } from './hook-entry.js';
import { failsClosed, type HookSettings } from './hook-settings.js';

/** What differs from one occasion to the next. */
export interface Occasion extends Pick<HookOccasion, 'fields' | 'call' | 'signal'> {
  names?: readonly string[];
  /** Which of the hooks may run; default: all. */
  only?: (hook: OwnedHook) => boolean;
}

export interface SessionHooksOptions {
  manager: SessionManager;
  sessionId: string;
  /** The hooks of all plugins that the session uses now. */
  hooks: () => readonly OwnedHook[];
  hands: HookHands;
  /** Default: nothing fails closed. */
  settings?: HookSettings;
}

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
  /** Told after each change of {@link brokenOf}. */
  onBroken: () => void = () => undefined;
  /** Told after something was written that people are to know: nobody may be waiting for it. */
  onNote: () => void = () => undefined;
  #ending = new AbortController();

  constructor(options: SessionHooksOptions) {
    this.#options = options;
  }

  /** Which hooks of the plugin in this folder were broken, a sentence each. */
  brokenOf(root: string): readonly string[] {
    return this.#broken.get(root) ?? [];
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
  async run(event: HookEvent, { fields, call, names = [], signal, only }: Occasion): Promise<HooksAnswer> {
    const { manager, sessionId, hooks, hands, settings = {} } = this.#options;
    const projectDir = manager.getCwd();
    const all = {
      session_id: sessionId,
      transcript_path: manager.getSessionFile() ?? '',
      cwd: projectDir,
      permission_mode: 'default',
      ...fields,
    };
    const { ending } = this;
    const answer = await runHooks(
      only ? hooks().filter(only) : hooks(),
      {
        event,
        names,
        fields: all,
        projectDir,
        failsClosed: ({ plugin }) => failsClosed(settings, plugin),
        signal: signal ? AbortSignal.any([signal, ending]) : ending,
        onLate: (late) => {
          this.#tell(late);
          this.#late.push(...late.context);
        },
        ...(call && { call }),
      },
      hands,
    );
    this.#tell(answer);
    if (answer.stop) this.note('stopped', answer.stop);
    return answer;
  }

  /** What hooks that nobody waited for have for the model since this was last asked. */
  takeLate(): string[] {
    return this.#late.splice(0);
  }

  #tell({ messages, problems }: HooksAnswer): void {
    for (const message of messages) this.note('said', message);
    for (const problem of problems) this.#noteProblem(problem);
  }

  note(outcome: HookNotice['outcome'], { plugin, event, text }: HookRemark): void {
    const notice: HookNotice = { role: 'pluginHook', plugin, event, outcome, text, at: new Date().toISOString() };
    this.#options.manager.appendCustomEntry(HookEntry, notice);
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
