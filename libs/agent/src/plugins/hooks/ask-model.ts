import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { HookHands } from '@pizzapi/plugins';
import type { ModelRef } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { ModelUnknownError, NoModelConfiguredError } from '../../errors/agent-error.js';
import { chooseModel, type UsableModel } from '../../subagents/agents/choose-model.js';
import { textOfBlocks } from '../../events/text-blocks.js';

/** Of usage in pi's file. */
export const HOOK_USAGE = 'plugin-hook';
/** A yes or no with its reason, and room to think about it. */
const MAX_TOKENS = 4_096;

/** Asks beside the conversation: nothing of it is in the session's context, and its tokens are the session's. @throws what is wrong with the model */
export async function askModel(
  { model: own, modelRuntime, sessionManager }: AgentSession,
  { prompt, model: wanted, signal }: Parameters<HookHands['askModel']>[0],
): Promise<string> {
  if (!own) throw new NoModelConfiguredError();
  const { provider, id } = modelFor(wanted, own, modelRuntime.getAvailableSnapshot());
  const model = modelRuntime.getModel(provider, id);
  if (!model) throw new NoModelConfiguredError();
  const answer = await modelRuntime.completeSimple(
    model,
    { messages: [{ role: 'user', content: [{ type: 'text', text: prompt }], timestamp: Date.now() }] },
    { signal, maxTokens: MAX_TOKENS, cacheRetention: 'none', sessionId: v7() },
  );
  sessionManager.appendUsage(HOOK_USAGE, model.provider, model.id, answer.usage);
  if (answer.stopReason === 'error' || answer.stopReason === 'aborted')
    throw new Error(answer.errorMessage ?? 'the model did not answer');
  return textOfBlocks(answer.content);
}

/** A guard that asks another model is better than one that asks none. */
export function modelFor(wanted: string | null, own: ModelRef, usable: readonly UsableModel[]): ModelRef {
  try {
    return chooseModel(wanted, own, usable).model;
  } catch (error) {
    if (error instanceof ModelUnknownError) return own;
    throw error;
  }
}
