import { type ApprovalAnswer, ChildTrigger } from '@pizzapi/protocol';
import { invalid } from '../../platform/http/problem.error.js';

const YES = new Set(['allow', 'approve', 'answer', 'yes']);
const NO = new Set(['deny', 'decline', 'reject', 'no']);

/**
 * The answer to a child's question in what its parent responds.
 * @throws ProblemError `invalid_request`, which says what would be an answer
 */
export function answerIn(
  type: ChildTrigger,
  { action, text = '' }: { action?: string; text?: string },
): ApprovalAnswer {
  const word = action?.trim().toLowerCase();
  if (word !== undefined && NO.has(word)) return { decision: 'deny', ...(text.trim() === '' ? {} : { text }) };
  if (word !== undefined && !YES.has(word))
    throw invalid('action', 'is "answer" or "decline" for a question, "allow" or "deny" for a tool call');
  if (type === ChildTrigger.question) {
    if (text.trim() === '')
      throw invalid('text', 'is the answer to the question; to give none, send the action "decline"');
    return { decision: 'allow', text };
  }
  if (word === undefined) throw invalid('action', 'is "allow" or "deny" for a tool call');
  return { decision: 'allow', scope: 'once', ...(text.trim() === '' ? {} : { text }) };
}
