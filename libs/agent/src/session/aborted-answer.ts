import type { Api, Model } from '@earendil-works/pi-ai';
import type { AgentSession, ExtensionFactory } from '@earendil-works/pi-coding-agent';

/**
 * Marks an answer that an abort prevented as aborted. pi calls the model once more after tools that were aborted, and
 * where that call fails before it is sent, the answer would stand as an error of the model.
 */
export const markAbortedAnswers: ExtensionFactory = (pi) => {
  pi.on('message_end', ({ message }, { signal }) => {
    if (message.role !== 'assistant' || message.stopReason !== 'error' || !signal?.aborted) return undefined;
    return { message: { ...message, stopReason: 'aborted' } };
  });
};

const NONE = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** Stores the end of a turn that was broken off before pi ran it, or that an earlier worker began: pi itself stores none for these. */
export function storeAbortedAnswer(session: AgentSession): void {
  const chosen: Pick<Model<Api>, 'api' | 'provider' | 'id'> | undefined = session.model;
  if (!chosen) return;
  const { api, provider, id: model } = chosen;
  const usage = { ...NONE, totalTokens: 0, cost: { ...NONE, total: 0 } };
  session.sessionManager.appendMessage({
    role: 'assistant',
    api,
    provider,
    model,
    usage,
    content: [],
    stopReason: 'aborted',
    timestamp: Date.now(),
  });
  session.refreshContext();
}
