import { Compile } from 'typebox/compile';
import type { Caller } from '../../approvals/approval-gate.js';
import type { ChildMessage } from '../child/child-messages.js';
import type { SubagentProcess } from '../child/subagent-process.js';
import type { Place, SubagentCallContext, SubagentHost } from '../subagent-host.js';
import { SubagentParameters } from '../subagent-parameters.js';

const parameters = Compile(SubagentParameters);

/** A subagent that asks something of its session. */
export interface AskingChild {
  host: SubagentHost;
  call: SubagentCallContext;
  child: SubagentProcess;
  caller: Caller & { signal: AbortSignal };
  /** Its step. */
  at: number;
  place: Place;
  /** What it started and may abort, by its own tool calls. */
  started: Map<string, AbortController>;
}

/** Answers it, if it is still there. What goes wrong is the answer. */
export async function answerChild(asking: AskingChild, message: ChildMessage): Promise<void> {
  const { child, started } = asking;
  if (message.type === 'abort') return started.get(message.toolCallId)?.abort();
  const { id } = message;
  try {
    if (message.type === 'tool-call') child.answer({ id, ...(await verdict(asking, message)) });
    else child.answer({ id, ...(await startOthers(asking, message)) });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    child.answer({ id, blockedBy: text, text, isError: true });
  }
}

/** The session's rules hold for its subagents too. */
async function verdict(
  { host, caller }: AskingChild,
  { toolName, args, cwd }: Extract<ChildMessage, { type: 'tool-call' }>,
): Promise<{ blockedBy?: string; note?: string }> {
  const found = await host.gate.check({ toolName, args, cwd }, caller);
  if (found.blockedBy !== null) return { blockedBy: found.blockedBy };
  return found.note === null ? {} : { note: found.note };
}

async function startOthers(
  { host, call, caller, at, place, started }: AskingChild,
  { args, toolCallId }: Extract<ChildMessage, { type: 'subagent' }>,
): Promise<{ text: string; isError: boolean }> {
  if (!host.mayStartOthers(place.depth)) return { text: 'Subagents may not start others here.', isError: true };
  if (!parameters.Check(args)) return { text: 'Give "agent" and "task", or "tasks", or "chain".', isError: true };
  const own = new AbortController();
  started.set(toolCallId, own);
  const signal = AbortSignal.any([caller.signal, own.signal]);
  try {
    const { text, isFailed } = await call.run(args, { depth: place.depth + 1, startedBy: at, signal });
    return { text, isError: isFailed };
  } finally {
    started.delete(toolCallId);
  }
}
