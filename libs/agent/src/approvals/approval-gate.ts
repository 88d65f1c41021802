import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ExtensionFactory } from '@earendil-works/pi-coding-agent';
import type { ApprovalDesk } from './approval-desk.js';
import type { ApprovalPolicy } from './approval-policy.js';
import { deniedByRule, notAllowed, noteOnAllowed } from './approval-text.js';
import { ASKING_TOOLS } from './ask-user.js';
import { type Call, pathOf } from './call-texts.js';
import { decide } from './decide.js';
import { Grants } from './grants.js';

/** Whose call it is. */
export interface Caller {
  /** The session's tool call that waits for the answer. */
  toolCallId: string;
  signal: AbortSignal | undefined;
  /** The subagent's name; absent: the session's own agent. */
  agent?: string;
  /** Learns that a person is asked, and waits with it for the answer. */
  whileAsking?: <T>(answer: Promise<T>) => Promise<T>;
}

/** What becomes of a call: why it does not run, or what the model is told besides its result. */
export type Verdict = { blockedBy: string } | { blockedBy: null; note: string | null };

/** Lets a tool call of a session or its subagents pass, asks a person first, or refuses it, as the rules say. */
export class ApprovalGate {
  readonly #desk: ApprovalDesk;
  readonly #policy: ApprovalPolicy;
  /** Forgotten with the process, on purpose: the agent can write to its session's file. */
  readonly #grants = new Grants();

  constructor(desk: ApprovalDesk, policy: ApprovalPolicy) {
    this.#desk = desk;
    this.#policy = policy;
  }

  /** @throws when the turn is over already */
  async check(call: Omit<Call, 'home' | 'realPath'>, caller: Caller): Promise<Verdict> {
    const { toolName, args } = call;
    const { toolCallId, signal, agent, whileAsking = (answer) => answer } = caller;
    const { action, rule } = decide(this.#grants.applyTo(this.#policy), await seen({ ...call, home: homedir() }));
    if (action === 'deny') return { blockedBy: deniedByRule(rule) };
    // A question of the agent's is answered by a person anyway.
    if (action === 'allow' || rule === null || ASKING_TOOLS.has(toolName)) return { blockedBy: null, note: null };
    const subject = { kind: 'tool' as const, toolName, args, rule, ...(agent !== undefined && { agent }) };
    const approval = await whileAsking(this.#desk.ask(subject, toolCallId, signal));
    if (approval.outcome !== 'allowed') return { blockedBy: notAllowed(approval, this.#desk.deadlineMs) };
    if (approval.scope === 'session') this.#grants.add(rule);
    return { blockedBy: null, note: noteOnAllowed(approval) };
  }
}

/** The session's own calls. It has to be the last extension: those before it may change a call's arguments, and what is asked about is what runs. */
export function guardToolCalls(gate: ApprovalGate): ExtensionFactory {
  const notes = new Map<string, string>();
  return (pi) => {
    pi.on('tool_call', async ({ toolName, toolCallId, input }, { cwd, signal }) => {
      const verdict = await gate.check({ toolName, args: input, cwd }, { toolCallId, signal });
      if (verdict.blockedBy !== null) return { block: true, reason: verdict.blockedBy };
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

/** With where its path really leads: a link must not lead around a rule. */
async function seen(call: Call): Promise<Call> {
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
