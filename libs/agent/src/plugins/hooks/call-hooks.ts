import { claudeNames, fromClaude, type HooksAnswer, type OwnedHook, toClaude } from '@pizzapi/plugins';
import { v7 } from 'uuid';
import type { CallHooks, HookedCall } from '../../approvals/approval-gate.js';
import { type Caller, callIdOf } from '../../approvals/caller.js';
import type { Occasion, SessionHooks } from './session-hooks.js';

/**
 * Lets plugins' hooks speak before a call of the session or its subagents runs. They can refuse it, have a person asked, and change its
 * arguments; none can let pass what the person's rules ask about or deny.
 * @param stop ends the turn
 */
export function callHooks(hooks: SessionHooks, stop: () => void): CallHooks {
  const occasionOf = ({ toolName, args, cwd }: HookedCall, caller: Caller) => {
    const { signal, agent, agentId } = caller;
    const call = toClaude(toolName, args, cwd);
    const fields = {
      ...call,
      tool_use_id: callIdOf(caller),
      ...hooks.serverField(toolName),
      ...(agent !== undefined && { agent_id: agentId, agent_type: agent }),
    };
    return { call, names: claudeNames(toolName), signal, fields };
  };
  return {
    before: async (call, caller) => {
      const answer = await hooks.run('PreToolUse', { ...occasionOf(call, caller), ...heardBy(caller) });
      const { permission, updatedInput, context } = answer;
      if (answer.stop) stop();
      const refusal = refusalIn(answer);
      if (refusal !== null) return { blockedBy: refusal };
      const args = updatedInput === null ? call.args : fromClaude(call.toolName, updatedInput, call.args, call.cwd);
      const asks = permission?.decision === 'ask' ? { plugin: permission.plugin, reason: permission.text } : null;
      return { blockedBy: null, args, isChanged: updatedInput !== null, asks, notes: context };
    },
    asking: async (call, caller) => {
      const answer = await hooks.run('PermissionRequest', { ...occasionOf(call, caller), ...heardBy(caller) });
      if (answer.stop) stop();
      return refusalIn(answer);
    },
    decided: (caller, runs) => hooks.durations.decided(caller, runs),
  };
}

/** What a hook's own agent does is not looked at by hooks that make calls themselves: it would have no end. */
function heardBy({ isOfHook = false }: Caller): Pick<Occasion, 'only'> {
  return isOfHook ? { only: ({ work }) => work.type !== 'agent' && work.type !== 'mcp_tool' } : {};
}

/** Why the call does not run, as the model reads it. */
function refusalIn({ permission, stop }: HooksAnswer): string | null {
  if (permission?.decision === 'deny')
    return `A hook of the plugin ${permission.plugin} denies this call: ${permission.text}`;
  return stop ? `A hook of the plugin ${stop.plugin} ends the turn: ${stop.text}` : null;
}

/**
 * Whether plugins' hooks let a call pass that a hook would make: nobody can be asked about it, nor what it is changed. Those that call
 * tools themselves are left out, so that it has an end.
 */
export async function hooksLet(hooks: SessionHooks, { toolName, args, cwd }: HookedCall): Promise<boolean> {
  const call = toClaude(toolName, args, cwd);
  const only = ({ work }: OwnedHook): boolean => work.type !== 'mcp_tool';
  const { permission, stop, updatedInput } = await hooks.run('PreToolUse', {
    call,
    // A hook makes the call: it has no id of the model's.
    fields: { ...call, tool_use_id: `hook-${v7()}`, ...hooks.serverField(toolName) },
    names: claudeNames(toolName),
    only,
  });
  return (permission === null || permission.decision === 'allow') && stop === null && updatedInput === null;
}
