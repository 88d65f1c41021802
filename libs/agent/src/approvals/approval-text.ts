import type { AskingRule, SettledApproval } from '@pizzapi/protocol';

/** What the model reads where a rule denies a call. */
export function deniedByRule(rule: AskingRule | null): string {
  const which = rule === null ? 'A rule' : `The rule ${ruleText(rule)} of ${rule.source}`;
  return `${which} denies this call. Do not try to reach the same by another way; tell the person what you wanted to do instead.`;
}

/** What the model reads where nobody allowed a call. */
export function notAllowed(approval: SettledApproval, deadlineMs: number): string {
  switch (approval.outcome) {
    case 'expired':
      return `Nobody answered within ${minutes(deadlineMs)}, which means no. The call did not run.`;
    case 'closed':
      return `Nobody can answer any more: ${approval.reason ?? 'the turn ended.'} The call did not run.`;
    default:
      return `${nameIn(approval)} denied this call; it did not run.${noteIn(approval)}`;
  }
}

/** What the model reads besides the result of a call that was allowed with a note; null without one. */
export function noteOnAllowed(approval: SettledApproval): string | null {
  const note = noteIn(approval);
  return note === '' ? null : `${nameIn(approval)} allowed this call.${note}`;
}

/** What the model reads as the answer to its question. */
export function answerText(approval: SettledApproval, deadlineMs: number): string {
  switch (approval.outcome) {
    case 'allowed':
      return `${nameIn(approval)} answered: ${approval.text ?? ''}`;
    case 'denied':
      return `${nameIn(approval)} chose not to answer.${noteIn(approval)}`;
    case 'expired':
      return `Nobody answered within ${minutes(deadlineMs)}. Go on without an answer if you safely can, otherwise stop here and say what you need.`;
    case 'closed':
      return `Nobody can answer any more: ${approval.reason ?? 'the turn ended.'}`;
  }
}

function ruleText({ tool, pattern }: AskingRule): string {
  return pattern === null ? `"${tool}"` : `"${tool}: ${pattern}"`;
}

function nameIn({ answeredBy }: SettledApproval): string {
  return answeredBy?.name ?? 'The person';
}

function noteIn({ text }: SettledApproval): string {
  return text === undefined || text.trim() === '' ? '' : ` They wrote: ${text}`;
}

function minutes(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}
