import type { SessionManager } from '@earendil-works/pi-coding-agent';
import { textOfBlocks } from '../../events/text-blocks.js';

/** What the agent said last, and what went wrong with it. */
export function lastAnswer(manager: Pick<SessionManager, 'getBranch'>): { text: string; error: string } {
  const entry = manager.getBranch().findLast((each) => each.type === 'message' && each.message.role === 'assistant');
  if (entry?.type !== 'message' || entry.message.role !== 'assistant') return { text: '', error: '' };
  return { text: textOfBlocks(entry.message.content), error: entry.message.errorMessage ?? '' };
}
