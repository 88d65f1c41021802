import type { SessionManager } from '@earendil-works/pi-coding-agent';

interface Block {
  type: string;
  text?: string;
}

/** The text in a message's content. */
export function textOf(content: readonly Block[]): string {
  return content.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : [])).join('\n');
}

/** What the agent said last, and what went wrong with it. */
export function lastAnswer(manager: Pick<SessionManager, 'getBranch'>): { text: string; error: string } {
  const entry = manager.getBranch().findLast((each) => each.type === 'message' && each.message.role === 'assistant');
  if (entry?.type !== 'message' || entry.message.role !== 'assistant') return { text: '', error: '' };
  return { text: textOf(entry.message.content), error: entry.message.errorMessage ?? '' };
}
