import { type ApprovalAnswer, ChildTrigger, MAX_ANSWER_LENGTH, PlanAnswer } from '@pizzapi/protocol';
import { invalid } from '../../platform/http/problem.error.js';

const ANSWER = 'answer';
const YES = new Set(['allow', 'approve', 'yes']);
const NO = new Set(['deny', 'decline', 'reject', 'no']);

/**
 * The answer to a child's question in what its parent responds.
 * @throws ProblemError `invalid_request`, which says what would be an answer
 */
export function answerIn(
  type: ChildTrigger,
  { action, text = '' }: { action?: string; text?: string },
): ApprovalAnswer {
  const isQuestion = type === ChildTrigger.question;
  const verdict = verdictIn(action, isQuestion);
  const words: { text?: string } = text.trim() === '' ? {} : { text };
  if (isQuestion) return answerToQuestion(verdict, words);
  if (type === ChildTrigger.plan) {
    if (verdict === null) throw invalid('action', 'is "approve" or "reject" for a plan');
    const option = verdict === 'yes' ? PlanAnswer.approve : PlanAnswer.change;
    return { decision: 'allow', text: withinLimit([option, ...Object.values(words)].join(': ')) };
  }
  if (verdict === null) throw invalid('action', 'is "allow" or "deny" for a tool call');
  return verdict === 'yes' ? { decision: 'allow', scope: 'once', ...words } : { decision: 'deny', ...words };
}

function answerToQuestion(verdict: 'yes' | 'no' | null, words: { text?: string }): ApprovalAnswer {
  if (verdict === 'no') return { decision: 'deny', ...words };
  if (words.text === undefined)
    throw invalid('text', 'is the answer to the question; to give none, send the action "decline"');
  return { decision: 'allow', text: words.text };
}

function withinLimit(text: string): string {
  const excess = text.length - MAX_ANSWER_LENGTH;
  if (excess > 0) throw invalid('text', `is ${excess} characters too long; send the rest with tell_child`);
  return text;
}

/** To answer is no consent: it says nothing of whether a plan is good or a tool may run. */
function verdictIn(action: string | undefined, isQuestion: boolean): 'yes' | 'no' | null {
  const word = action?.trim().toLowerCase();
  if (word === undefined || (word === ANSWER && !isQuestion)) return null;
  if (word === ANSWER) return 'yes';
  if (YES.has(word)) return 'yes';
  if (NO.has(word)) return 'no';
  throw invalid(
    'action',
    'is "answer" or "decline" for a question, "approve" or "reject" for a plan, "allow" or "deny" for a tool call',
  );
}
