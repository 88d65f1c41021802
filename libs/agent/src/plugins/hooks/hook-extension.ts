import type { ExtensionAPI, ExtensionFactory, TurnEndEvent } from '@earendil-works/pi-coding-agent';
import { toClaude, toClaudeResponse } from '@pizzapi/plugins';
import { afterCall, reasonOf } from './after-call.js';
import { errorKind } from './error-kind.js';
import { notify } from './notify.js';
import { noteBlock } from './note-block.js';
import type { SessionHooks } from './session-hooks.js';
import { lastAnswer } from './last-answer.js';
import { textOfBlocks } from '../../events/text-blocks.js';

/** What hooks tell the model; shown to people too. */
export const HOOK_MESSAGE = 'plugin-hook';
/** How long the agent rests before hooks hear of it; Claude Code's time. */
const IDLE_AFTER_MS = 60_000;
/** How often in a row hooks may have a turn go on, with no call of a tool in between. */
const MAX_CONTINUATIONS = 8;

/** Calls plugins' hooks at pi's events, but for calls before they run: those the rules are asked about. */
export function hookExtension(hooks: SessionHooks, idleAfterMs = IDLE_AFTER_MS): ExtensionFactory {
  return (pi) => {
    duringCalls(pi, hooks);
    atTurnsEnd(pi, hooks);
    atRest(pi, hooks, idleAfterMs);
    aroundCompaction(pi, hooks);
    pi.on('model_select', ({ model: { id }, previousModel: before, source }) => {
      if (before && source !== 'restore') tellModel(hooks, before.id, id);
    });
    pi.on('session_shutdown', async () => {
      noteBlock(hooks, await hooks.run('SessionEnd', { fields: { reason: 'other' }, names: ['other'] }));
    });
  };
}

function duringCalls(pi: ExtensionAPI, hooks: SessionHooks): void {
  pi.on('tool_result', async ({ toolName, toolCallId, input, content, isError }, context) => {
    hooks.gotOn();
    const { cwd, signal } = context;
    const ended = { toolName, args: input, cwd, text: textOfBlocks(content), isError };
    const { words, output, isOver } = await afterCall(hooks, ended, { toolCallId, signal });
    if (isOver) context.abort();
    if (words.length === 0 && output === null) return undefined;
    const shown = output === null ? content : [{ type: 'text' as const, text: output }];
    return { content: [...shown, ...words.map((text) => ({ type: 'text' as const, text }))] };
  });
  pi.on('turn_end', async ({ message, toolResults, entries }, context) => {
    if (toolResults.length === 0) return undefined;
    const args = argumentsIn(message);
    const calls = toolResults.map(({ toolName, toolCallId, content }) => {
      const call = toClaude(toolName, args.get(toolCallId), context.cwd);
      return { ...call, tool_use_id: toolCallId, tool_response: toClaudeResponse(call, textOfBlocks(content)) };
    });
    const answer = await hooks.run('PostToolBatch', { fields: { tool_calls: calls }, signal: context.signal });
    if (answer.block) hooks.note('stopped', answer.block);
    if (answer.block || answer.stop) context.abort();
    return answer.context.length === 0 ? undefined : { entries: [...entries, ...answer.context.map(messageOf)] };
  });
}

/** Of the calls in an answer, by their ids. */
function argumentsIn(message: TurnEndEvent['message']): Map<string, unknown> {
  const blocks = message.role === 'assistant' ? message.content : [];
  return new Map(
    blocks.flatMap((block): [string, unknown][] => (block.type === 'toolCall' ? [[block.id, block.arguments]] : [])),
  );
}

function atTurnsEnd(pi: ExtensionAPI, hooks: SessionHooks): void {
  /** In a row, without a call of a tool in between: one that gets on may go on for as long as its hooks want. */
  let continuations = 0;
  let isGoingOn = false;
  pi.on('input', () => {
    continuations = 0;
    isGoingOn = false;
  });
  pi.on('tool_result', () => {
    continuations = 0;
    return undefined;
  });
  pi.on('agent_before_settle', async ({ outcome, entries }, context) => {
    const answer = lastAnswer(context.sessionManager);
    if (outcome === 'error') {
      const kind = errorKind(answer.error);
      const fields = { error: kind, error_details: answer.error, last_assistant_message: answer.text };
      await hooks.run('StopFailure', { fields, names: [kind], signal: context.signal });
    }
    if (outcome !== 'completed') return undefined;
    const fields = { stop_hook_active: isGoingOn, last_assistant_message: answer.text };
    const { block, stop, context: told } = await hooks.run('Stop', { fields, signal: context.signal });
    if (stop || (!block && told.length === 0)) return undefined;
    if (continuations >= MAX_CONTINUATIONS) {
      if (block)
        hooks.note('failed', { ...block, text: `it has had the turn go on ${MAX_CONTINUATIONS} times; now it ends` });
      return undefined;
    }
    continuations += 1;
    isGoingOn = true;
    const words = [...(block ? [reasonOf(block)] : []), ...told];
    return { entries: [...entries, ...words.map(messageOf)], continue: true };
  });
}

/** Tells once that the agent rests, and people may have gone. */
function atRest(pi: ExtensionAPI, hooks: SessionHooks, idleAfterMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearTimeout(timer);
  pi.on('input', stop);
  pi.on('agent_start', stop);
  pi.on('session_shutdown', stop);
  pi.on('agent_settled', () => {
    stop();
    timer = setTimeout(() => notify(hooks, 'idle_prompt'), idleAfterMs).unref();
  });
}

/** Nothing waits for it: what it has for the model comes with the next turn. */
function tellModel(hooks: SessionHooks, from: string, to: string): void {
  const { contextTokens } = hooks.facts;
  const tokens = contextTokens === null ? {} : { context_tokens: contextTokens };
  const fields = { from_model: from, to_model: to, source: 'picker', ...tokens };
  void hooks.run('PostModelSwitch', { fields, names: [to] }).then((said) => {
    noteBlock(hooks, said);
    hooks.keepLate(said.context);
  });
}

function aroundCompaction(pi: ExtensionAPI, hooks: SessionHooks): void {
  const triggerOf = (reason: string): string => (reason === 'manual' ? 'manual' : 'auto');
  pi.on('session_before_compact', async ({ reason, customInstructions, signal }) => {
    const trigger = triggerOf(reason);
    const fields = { trigger, custom_instructions: customInstructions || null };
    const { block, stop } = await hooks.run('PreCompact', { fields, names: [trigger], signal });
    if (block) hooks.note('blocked', block);
    return block || stop ? { cancel: true } : undefined;
  });
  pi.on('session_compact', async ({ reason, compactionEntry }) => {
    const trigger = triggerOf(reason);
    const fields = { trigger, compact_summary: compactionEntry.summary };
    noteBlock(hooks, await hooks.run('PostCompact', { fields, names: [trigger] }));
  });
}

function messageOf(content: string) {
  return { type: 'custom_message' as const, customType: HOOK_MESSAGE, content, display: true };
}
