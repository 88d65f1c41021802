import type { AgentToolResult } from '@earendil-works/pi-coding-agent';
import type { Caller } from '../../approvals/caller.js';
import type { ChildMessage } from '../child/child-messages.js';
import type { SubagentProcess } from '../child/subagent-process.js';
import type { SubagentHost } from '../subagent-host.js';

/** A tool of a subagent that runs in this process, or where it sends it. */
export type RunTool = (toolCallId: string, args: unknown, signal: AbortSignal) => Promise<AgentToolResult<unknown>>;

/** A subagent that asks something of its session. */
export interface AskingChild {
  host: SubagentHost;
  child: SubagentProcess;
  caller: Caller & { signal: AbortSignal };
  /** Where it works. */
  cwd: string;
  tools: ReadonlyMap<string, RunTool>;
  /** What runs for it and it may abort, by its own tool calls. */
  running: Map<string, AbortController>;
}

/** Answers it, if it is still there. What goes wrong is the answer. */
export async function answerChild(asking: AskingChild, message: ChildMessage): Promise<void> {
  const { child, running } = asking;
  if (message.type === 'abort') return running.get(message.toolCallId)?.abort();
  const { id } = message;
  try {
    if (message.type === 'tool-call') child.answer({ id, ...(await verdict(asking, message)) });
    else if (message.type === 'tool-result') child.answer({ id, ...(await afterwords(asking, message)) });
    else child.answer({ id, result: await runTool(asking, message) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    child.answer({ id, ...(message.type === 'tool-call' ? { blockedBy: reason } : { error: reason }) });
  }
}

/** The session's rules hold for its subagents too. */
async function verdict(
  { host, caller, cwd }: AskingChild,
  { toolName, toolCallId: callId, args }: Extract<ChildMessage, { type: 'tool-call' }>,
): Promise<{ blockedBy?: string; note?: string; args?: Record<string, unknown> }> {
  const found = await host.gate.check({ toolName, args, cwd }, { ...caller, callId });
  if (found.blockedBy !== null) return { blockedBy: found.blockedBy };
  return { ...(found.note !== null && { note: found.note }), ...(found.args && { args: found.args }) };
}

/** So do hooks. */
async function afterwords(
  { host, caller }: AskingChild,
  { toolName, toolCallId: callId, args, cwd, text, isError }: Extract<ChildMessage, { type: 'tool-result' }>,
): Promise<{ note?: string; output?: string }> {
  if (!host.hooks) return {};
  const { words, output } = await host.hooks.after({ toolName, args, cwd, text, isError }, { ...caller, callId });
  return { ...(words.length > 0 && { note: words.join('\n\n') }), ...(output !== null && { output }) };
}

async function runTool(
  { caller, tools, running }: AskingChild,
  { toolName, toolCallId, args }: Extract<ChildMessage, { type: 'run-tool' }>,
): Promise<AgentToolResult<unknown>> {
  const run = tools.get(toolName);
  if (!run) throw new Error(`This subagent has no tool ${toolName}.`);
  const own = new AbortController();
  running.set(toolCallId, own);
  try {
    return await run(toolCallId, args, AbortSignal.any([caller.signal, own.signal]));
  } finally {
    running.delete(toolCallId);
  }
}
