import { claudeNames, type HookRemark, type HooksAnswer, toClaude, toClaudeResponse } from '@pizzapi/plugins';
import { type Caller, callIdOf } from '../../approvals/caller.js';
import type { SessionHooks } from './session-hooks.js';

/** A call that has ended. */
export interface EndedCall {
  toolName: string;
  args: unknown;
  cwd: string;
  /** What the model reads of its result. */
  text: string;
  isError: boolean;
}

/** What hooks have to say of it. */
export interface AfterCall {
  /** What the model is told besides. */
  words: string[];
  /** What takes the place of the text; null: nothing. */
  output: string | null;
  isOver: boolean;
}

/** Asks the hooks about a call of the session or its subagents that has ended. */
export async function afterCall(hooks: SessionHooks, ended: EndedCall, caller: Caller): Promise<AfterCall> {
  const { toolName, args, cwd, text, isError } = ended;
  const { signal, agent, agentId } = caller;
  const durationMs = hooks.durations.ended(caller);
  const call = toClaude(toolName, args, cwd);
  const fields = {
    ...call,
    tool_use_id: callIdOf(caller),
    ...(isError ? { error: text, is_interrupt: false } : { tool_response: toClaudeResponse(call, text) }),
    ...(durationMs !== null && { duration_ms: durationMs }),
    ...hooks.serverField(toolName),
    ...(agent !== undefined && { agent_id: agentId, agent_type: agent }),
  };
  const event = isError ? 'PostToolUseFailure' : 'PostToolUse';
  const answer = await hooks.run(event, { call, fields, names: claudeNames(toolName), signal });
  return { words: wordsOf(answer), output: answer.updatedOutput, isOver: answer.stop !== null };
}

function wordsOf({ block, context }: HooksAnswer): string[] {
  return [...(block ? [reasonOf(block)] : []), ...context];
}

/** What a hook says against something, as the model reads it. */
export function reasonOf({ plugin, text }: HookRemark): string {
  return `A hook of the plugin ${plugin} says: ${text}`;
}
