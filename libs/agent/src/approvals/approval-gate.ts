import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ExtensionFactory } from '@earendil-works/pi-coding-agent';
import { isRecord } from '@pizzapi/plugins';
import type { ApprovalSubject, AskingRule, SettledApproval } from '@pizzapi/protocol';
import type { ApprovalDesk } from './approval-desk.js';
import type { ApprovalPolicy } from './approval-policy.js';
import { deniedByRule, notAllowed, noteOnAllowed } from './approval-text.js';
import { ASKING_TOOLS } from './ask-user.js';
import { type Call, pathOf } from './call-texts.js';
import { childPlaceLayers, type SessionPlace, withRealFolder } from './child-place.js';
import { decide, type Decision } from './decide.js';
import { Grants } from './grants.js';
import type { Caller } from './caller.js';

/** What becomes of a call: why it does not run, or what the model is told besides its result. */
export type Verdict =
  | { blockedBy: string }
  | {
      blockedBy: null;
      note: string | null;
      /** What it runs with, where a hook changed that. */
      args?: Record<string, unknown>;
    };

/** A call before anything is known of where it leads. */
export type HookedCall = Pick<Call, 'toolName' | 'args' | 'cwd'>;

/** What hooks make of a call: why it does not run, or what it runs with. */
export type HookVerdict =
  | { blockedBy: string }
  | {
      blockedBy: null;
      args: unknown;
      isChanged: boolean;
      /** Which plugin wants a person asked, and why. */
      asks: { plugin: string; reason: string } | null;
      /** What the model is told besides the result. */
      notes: string[];
    };

/** Hooks, which are asked before the rules are. They can only tighten. */
export interface CallHooks {
  before(call: HookedCall, caller: Caller): Promise<HookVerdict>;
  /** A person is about to be asked. @returns why that is not to be, and the call not to run */
  asking(call: HookedCall, caller: Caller): Promise<string | null>;
  /** It is decided whether the call runs. */
  decided(caller: Caller, runs: boolean): void;
}

const NO_HOOKS: CallHooks = {
  before: ({ args }) => Promise.resolve({ blockedBy: null, args, isChanged: false, asks: null, notes: [] }),
  asking: () => Promise.resolve(null),
  decided: () => undefined,
};

/** Lets a tool call of a session or its subagents pass, asks a person first, or refuses it, as the rules say. */
export class ApprovalGate {
  readonly #desk: ApprovalDesk;
  #policy: ApprovalPolicy;
  readonly #place: SessionPlace;
  readonly #hooks: CallHooks;
  /** Forgotten with the process, on purpose: the agent can write to its session's file. */
  readonly #grants = new Grants();
  /** What rules ask about right now, by the questions' ids; nothing that a hook would ask about too. */
  readonly #waiting = new Map<string, HookedCall>();

  constructor(desk: ApprovalDesk, policy: ApprovalPolicy, place: SessionPlace, hooks: CallHooks = NO_HOOKS) {
    this.#desk = desk;
    this.#policy = policy;
    this.#place = place;
    this.#hooks = hooks;
  }

  /** Of calls that come from now on, and of those that are being asked about. */
  setPolicy(policy: ApprovalPolicy): void {
    this.#policy = policy;
  }

  /** @throws when the turn is over already */
  async check(asked: HookedCall, caller: Caller): Promise<Verdict> {
    let runs = false;
    try {
      const verdict = await this.#judge(asked, caller);
      runs = verdict.blockedBy === null;
      return verdict;
    } finally {
      this.#hooks.decided(caller, runs);
    }
  }

  async #judge(asked: HookedCall, caller: Caller): Promise<Verdict> {
    const hooked = await this.#hooks.before(asked, caller);
    if (hooked.blockedBy !== null) return { blockedBy: hooked.blockedBy };
    const inRealFolder = withRealFolder({ ...asked, args: hooked.args }, this.#place);
    // The rules are about what will run.
    const call = { ...asked, args: inRealFolder ?? hooked.args };
    const isChanged = hooked.isChanged || inRealFolder !== null;
    const changed = isChanged && isRecord(call.args) ? { args: call.args } : {};
    const { action, rule } = await this.#decide(call);
    if (action === 'deny') return { blockedBy: deniedByRule(rule) };
    const asking = action === 'ask' && rule !== null ? { rule } : hookAsks(hooked.asks);
    // A question of the agent's is answered by a person anyway.
    if (asking === null || ASKING_TOOLS.has(call.toolName))
      return { blockedBy: null, note: noteOf(hooked.notes), ...changed };
    const approval = await this.#ask(call, caller, { ...asking, isOfRuleAlone: hooked.asks === null });
    if (typeof approval === 'string') return { blockedBy: approval };
    // The rules may have changed while it was asked about.
    const now = await this.#decide(call);
    if (now.action === 'deny') return { blockedBy: deniedByRule(now.rule) };
    return { blockedBy: null, note: noteOf([...hooked.notes, noteOnAllowed(approval)]), ...changed };
  }

  /** Whether the rules let a call pass that is nobody's to ask about; hooks aside. */
  async lets(call: HookedCall): Promise<boolean> {
    return (await this.#decide(call)).action === 'allow';
  }

  async #decide(call: HookedCall): Promise<Decision> {
    const whole = await withRealPath({ ...call, sessionFolder: this.#place.folder, home: homedir() });
    const policy = [...this.#policy, ...childPlaceLayers(this.#policy, whole, this.#place)];
    return decide(this.#grants.applyTo(policy), whole);
  }

  /** @returns the answer that allows it, or why it does not run */
  async #ask(
    call: HookedCall,
    caller: Caller,
    { isOfRuleAlone, ...asking }: Asking & { isOfRuleAlone: boolean },
  ): Promise<SettledApproval | string> {
    const { toolName, args } = call;
    const { toolCallId, signal, whileAsking = (answer) => answer } = caller;
    const refusal = await this.#hooks.asking(call, caller);
    if (refusal !== null) return refusal;
    const subject = { kind: 'tool' as const, toolName, args, ...asking, ...whose(caller) };
    let id = '';
    const asked = this.#desk.ask(subject, toolCallId, signal, (approvalId) => {
      id = approvalId;
      if (isOfRuleAlone) this.#waiting.set(id, call);
    });
    const approval = await whileAsking(asked).finally(() => this.#waiting.delete(id));
    if (approval.outcome !== 'allowed') return notAllowed(approval, this.#desk.deadlineMs);
    // What a hook asks about, it asks about again.
    if (approval.scope === 'session' && asking.because === undefined) await this.#grant(asking.rule, approval);
    return approval;
  }

  /** Also what waits already: whoever allows it for the session has answered that, too. */
  async #grant(rule: AskingRule, { answeredBy }: SettledApproval): Promise<void> {
    this.#grants.add(rule);
    for (const [approvalId, call] of [...this.#waiting]) {
      const { action } = await this.#decide(call);
      if (action === 'allow' && answeredBy) this.#desk.allowAlso(approvalId, answeredBy);
    }
  }
}

function whose({ agent, run }: Caller): Pick<Extract<ApprovalSubject, { kind: 'tool' }>, 'agent' | 'run'> {
  return { ...(agent !== undefined && { agent }), ...(run !== undefined && { run }) };
}

type Asking = Pick<Extract<ApprovalSubject, { kind: 'tool' }>, 'rule' | 'because'>;

function hookAsks(asks: { plugin: string; reason: string } | null): Asking | null {
  if (asks === null) return null;
  const source = `the plugin ${asks.plugin}`;
  return { rule: { tool: '*', pattern: null, source }, because: `A hook of ${source} asks: ${asks.reason}` };
}

function noteOf(notes: readonly (string | null)[]): string | null {
  const said = notes.filter((note) => note !== null);
  return said.length === 0 ? null : said.join('\n\n');
}

/** The session's own calls. It has to be the last extension: those before it may change a call's arguments, and what is asked about is what runs. */
export function guardToolCalls(gate: ApprovalGate): ExtensionFactory {
  const notes = new Map<string, string>();
  return (pi) => {
    pi.on('tool_call', async ({ toolName, toolCallId, input }, { cwd, signal }) => {
      const verdict = await gate.check({ toolName, args: input, cwd }, { toolCallId, signal });
      if (verdict.blockedBy !== null) return { block: true, reason: verdict.blockedBy };
      if (verdict.args) replaceFields(input, verdict.args);
      if (verdict.note !== null) notes.set(toolCallId, verdict.note);
      return undefined;
    });
    pi.on('tool_result', ({ toolCallId, content }) => {
      const note = notes.get(toolCallId);
      if (note === undefined) return undefined;
      notes.delete(toolCallId);
      return { content: [...content, { type: 'text', text: note }] };
    });
  };
}

/** pi runs the very object that it asks about. */
function replaceFields(target: object, fields: Record<string, unknown>): void {
  for (const name of Object.keys(target)) Reflect.deleteProperty(target, name);
  Object.assign(target, fields);
}

/** With the path that its own really leads to, so that no link leads around a rule. */
async function withRealPath(call: Call): Promise<Call> {
  const path = pathOf(call);
  return path === null ? call : { ...call, realPath: await realPathOf(path) };
}

/** Of what does not exist yet, the nearest folder that does decides. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // Missing, or not to be looked into: its folder may still be.
    const folder = dirname(path);
    return folder === path ? path : join(await realPathOf(folder), basename(path));
  }
}
