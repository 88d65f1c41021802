import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ExtensionFactory } from '@earendil-works/pi-coding-agent';
import type { ApprovalDesk } from './approval-desk.js';
import type { ApprovalPolicy } from './approval-policy.js';
import { deniedByRule, notAllowed, noteOnAllowed } from './approval-text.js';
import { ASK_USER } from './ask-user.js';
import { type Call, pathOf } from './call-texts.js';
import { decide } from './decide.js';
import { Grants } from './grants.js';

/**
 * Lets a tool call pass, asks a person first, or refuses it, as the rules say. It has to be the last extension: those before it may
 * change a call's arguments, and what is asked about is what runs.
 */
export function approvalGate(desk: ApprovalDesk, policy: ApprovalPolicy): ExtensionFactory {
  /** Forgotten with the process, on purpose: the agent can write to its session's file. */
  const grants = new Grants();
  const notes = new Map<string, string>();
  return (pi) => {
    pi.on('tool_call', async ({ toolName, toolCallId, input }, { cwd, signal }) => {
      const { action, rule } = decide(
        grants.applyTo(policy),
        await seen({ toolName, args: input, cwd, home: homedir() }),
      );
      if (action === 'deny') return { block: true, reason: deniedByRule(rule) };
      // A question of the agent's is answered by a person anyway.
      if (action === 'allow' || rule === null || toolName === ASK_USER) return undefined;
      const approval = await desk.ask({ kind: 'tool', toolName, args: input, rule }, toolCallId, signal);
      if (approval.outcome !== 'allowed') return { block: true, reason: notAllowed(approval, desk.deadlineMs) };
      if (approval.scope === 'session') grants.add(rule);
      const note = noteOnAllowed(approval);
      if (note !== null) notes.set(toolCallId, note);
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
