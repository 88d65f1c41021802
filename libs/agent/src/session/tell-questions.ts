import { type ApprovalDesk, holdsNothingUp } from '../approvals/approval-desk.js';
import { sessionEvent } from '../events/session-event.js';
import type { SessionReporter } from './session-reporter.js';
import type { TurnLoop } from './turn-loop.js';

export interface QuestionListener {
  reporter: SessionReporter;
  turns: TurnLoop;
  /** Takes into account what the session's file has gained. */
  readFile: () => void;
}

/** Whoever watches the session hears of the desk's questions and of their ends, and whether its agent waits for one. */
export function tellQuestions(desk: ApprovalDesk, { reporter, turns, readFile }: QuestionListener): void {
  desk.listen({
    requested: (request) => {
      reporter.emit(sessionEvent('approval.requested', request));
      if (!holdsNothingUp(request.subject)) reporter.activity('waiting');
    },
    settled: () => {
      readFile();
      if (!desk.isAgentWaiting) turns.tellActivity();
    },
  });
}
