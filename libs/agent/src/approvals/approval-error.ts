import { describeSettlement, ProblemCode, type SettledApproval } from '@pizzapi/protocol';
import { AgentError } from '../errors/agent-error.js';

export class ApprovalUnknownError extends AgentError {
  readonly code = ProblemCode.notFound;

  constructor(approvalId: string) {
    super(`No question ${approvalId} waits in this session. Read its approvals again.`);
  }
}

export class ApprovalAnsweredError extends AgentError {
  readonly code = ProblemCode.approvalAnswered;

  constructor(settled: Omit<SettledApproval, 'subject'>) {
    super(describeSettlement(settled));
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
