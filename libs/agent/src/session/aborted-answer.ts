import type { ExtensionFactory } from '@earendil-works/pi-coding-agent';

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
