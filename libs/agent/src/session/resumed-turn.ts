import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { answerMessage } from '../approvals/ask-user.js';
import { TurnAbortedError, type TurnDriver } from './turn-driver.js';
import type { TurnLoop } from './turn-loop.js';

export interface ResumedTurnParts {
  session: AgentSession;
  desk: ApprovalDesk;
  driver: TurnDriver;
  turns: Pick<TurnLoop, 'isClosing' | 'isAborting'>;
  /** Takes into account what the session's file has gained. */
  readFile: () => void;
}

/**
 * An earlier worker's turn goes on where it waited for people.
 * @throws TurnAbortedError when it was stopped meanwhile
 */
export async function goOnAfterAnswers({ session, desk, driver, turns, readFile }: ResumedTurnParts): Promise<void> {
  const answers = await Promise.all(desk.resumed.map(({ settled }) => settled));
  // The next worker goes on waiting.
  if (turns.isClosing) return;
  for (const answer of answers) session.sessionManager.appendMessage(answerMessage(answer, desk.deadlineMs));
  session.refreshContext();
  readFile();
  if (turns.isAborting) throw new TurnAbortedError('The turn was aborted while it waited for an answer.');
  await driver.continue();
}
