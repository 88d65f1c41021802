import { ChildTrigger, type DeliveredTrigger } from '@pizzapi/protocol';

/**
 * What the relay knows of a trigger that is a child session's word, and what can be done about it. Null: it is none. What the child said stands
 * with the other data, because it may repeat anything that it has read.
 */
export function childWord({ childSessionId, type, triggerId, payload }: DeliveredTrigger): string | null {
  if (childSessionId === undefined) return null;
  const said = sentences[type];
  if (!said) return `Your child session ${childSessionId} says something.`;
  const again = payload['askedBefore'] === true ? ' It was asked before, and is not answered yet.' : '';
  return `Your child session ${childSessionId} ${said(triggerId, payload)}${again}`;
}

const sentences: Record<string, (triggerId: string, payload: DeliveredTrigger['payload']) => string> = {
  [ChildTrigger.question]: (triggerId) =>
    `asks a question and waits for the answer. Answer with respond_to_trigger (triggerId "${triggerId}", the answer as text). If you cannot, hand it up with escalate_trigger. A person may answer before you.`,
  [ChildTrigger.plan]: (triggerId) =>
    `proposes a plan and waits to hear whether to go by it. Answer with respond_to_trigger (triggerId "${triggerId}", action "approve" or "reject", with what to change as text), or hand it up with escalate_trigger. A person may answer before you.`,
  [ChildTrigger.approval]: (triggerId, { mayAnswer }) =>
    mayAnswer === true
      ? `wants to run a tool that a rule asks about, and waits. Answer with respond_to_trigger (triggerId "${triggerId}", action "allow" or "deny"), or hand it up with escalate_trigger. A person may answer before you.`
      : `waits for a person to allow something. You cannot answer; with escalate_trigger (triggerId "${triggerId}") you can say why it matters.`,
  [ChildTrigger.completed]: () =>
    'has finished its turn. It stays, and goes on when you write to it with tell_child; stop it with stop_child when you need it no more.',
  [ChildTrigger.error]: () =>
    'met a problem. It is still there: write to it with tell_child, or stop it with stop_child.',
  [ChildTrigger.failed]: () => 'has failed and is over.',
  [ChildTrigger.ended]: () => 'is over.',
};
