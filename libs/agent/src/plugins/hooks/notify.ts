import { claudeNames, type NotificationKind } from '@pizzapi/plugins';
import type { ApprovalSubject } from '@pizzapi/protocol';
import { noteBlock } from './note-block.js';
import type { SessionHooks } from './session-hooks.js';

const TITLES: Record<NotificationKind, string> = {
  permission_prompt: 'Permission needed',
  idle_prompt: 'Waiting for you',
  agent_needs_input: 'A question for you',
  elicitation_dialog: 'A server asks',
  elicitation_url_dialog: 'A server asks',
  elicitation_response: 'A server has its answer',
};

/** Lets hooks know that people should look at the session. Nobody waits for them: they are for people elsewhere. */
export function notify(
  hooks: SessionHooks,
  kind: NotificationKind,
  message = 'The agent is waiting for your input.',
): void {
  const fields = { message, title: TITLES[kind], notification_type: kind };
  void hooks.run('Notification', { fields, names: [kind] }).then((said) => noteBlock(hooks, said));
}

/** The same of what a person is asked; what servers ask, they tell themselves. */
export function notifyOf(hooks: SessionHooks, subject: ApprovalSubject): void {
  if (subject.kind === 'tool') {
    const [name = subject.toolName] = claudeNames(subject.toolName);
    return notify(hooks, 'permission_prompt', `${whoIn(subject)} needs your permission to use ${name}.`);
  }
  if (subject.kind !== 'question' || subject.server) return;
  const what = subject.isPlan ? 'proposes a plan' : 'asks';
  notify(hooks, 'agent_needs_input', `${whoIn(subject)} ${what}: ${subject.question.slice(0, 1_000)}`);
}

function whoIn({ agent }: { agent?: string }): string {
  return agent === undefined ? 'The agent' : `The subagent ${agent}`;
}
