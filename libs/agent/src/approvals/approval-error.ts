import { type ApprovalSubject, describeSettlement, ProblemCode, type SettledApproval } from '@pizzapi/protocol';
import { AgentError } from '../errors/agent-error.js';

const WHAT_IS_ASKED = { tool: 'tool call', question: 'question', consent: 'thing to trust' } as const;

export class ApprovalUnknownError extends AgentError {
  readonly code = ProblemCode.notFound;

  constructor(approvalId: string) {
    super(`No question ${approvalId} waits in this session. Read its approvals again.`);
  }
}

/** The next worker asks again; then it can be answered. */
export class ApprovalSuspendedError extends AgentError {
  readonly code = ProblemCode.sessionDisconnected;

  constructor() {
    super("The session's worker is shutting down, and the question waits for the next one. Answer it then.");
  }
}

export class ApprovalAnsweredError extends AgentError {
  readonly code = ProblemCode.approvalAnswered;

  constructor(settled: Omit<SettledApproval, 'subject'>) {
    super(describeSettlement(settled));
  }
}

/** People cannot be shown it as it is. */
export class ApprovalMalformedError extends AgentError {
  readonly code = ProblemCode.invalidRequest;

  constructor(kind: ApprovalSubject['kind']) {
    super(
      `This ${WHAT_IS_ASKED[kind]} cannot be put to people: a part of it is empty or too long. Ask again with every option named, and shorter.`,
    );
  }
}

export class ReservedForPeopleError extends AgentError {
  readonly code = ProblemCode.reservedForPeople;

  constructor() {
    super('This is asked of people; a parent session cannot answer it. Hand it up with escalate_trigger.');
  }
}

export class AnswerMissingError extends AgentError {
  readonly code = ProblemCode.invalidRequest;

  constructor() {
    super('A question is allowed with its answer: send it as "text", or the decision "deny" for none.');
  }
}
