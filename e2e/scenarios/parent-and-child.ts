import type { Answer, AnswerScript, ChatRequest } from '@pizzapi/testing';

/** What a person asks the parent, and the parent its child. */
export const TASK = 'Lead the counting';
export const CHILD_TASK = 'Count the slices';

interface Script {
  /** How the parent meets the child's question: by default it answers. */
  onQuestion?: (answer: Answer, triggerId: string) => Promise<void> | void;
  /** Where the child is started; default: where its parent is. */
  runnerId?: string;
}

/**
 * A model for two sessions: the parent starts a child, the child asks which slices count, the parent answers, the child tells what it found. Each says
 * what fits the last message that it is shown, so it does not matter which of the two asks the model first.
 */
export function parentAndChild({ onQuestion = answerIt, runnerId }: Script = {}): AnswerScript {
  return (answer, request) => (isChild(request) ? child(answer, last(request)) : parent(answer, last(request)));

  function parent(answer: Answer, said: string): Promise<void> | void {
    const triggerId = /triggerId \\*"(trg_[\w-]+)/.exec(said)?.[1];
    if (triggerId !== undefined) return onQuestion(answer, triggerId);
    if (said.includes('has finished its turn')) return answer.text('All is counted.');
    if (said.includes(TASK))
      return answer.toolCall('spawn_session', { prompt: CHILD_TASK, name: 'Counter', ...(runnerId && { runnerId }) });
    return answer.text(said.includes('Started ') ? 'A child counts.' : 'So be it.');
  }
}

function child(answer: Answer, said: string): Promise<void> {
  if (said.includes(CHILD_TASK)) return answer.toolCall('ask_user', { question: 'Do crusts count?' });
  return answer.text(said.includes('answered: ') ? 'Eight slices.' : 'Nobody told me.');
}

export function answerIt(answer: Answer, triggerId: string): Promise<void> {
  return answer.toolCall('respond_to_trigger', { triggerId, text: 'Only whole slices.' });
}

function isChild({ messages }: ChatRequest): boolean {
  const first = messages.find(({ role }) => role === 'user');
  return JSON.stringify(first?.content ?? '').includes(CHILD_TASK);
}

function last({ messages }: ChatRequest): string {
  return JSON.stringify(messages.at(-1)?.content ?? '');
}
