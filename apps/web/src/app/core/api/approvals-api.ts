import { Service, inject } from '@angular/core';
import { answerApproval, listApprovals } from '@pizzapi/api-client';
import type { ApprovalAnswer, ApprovalView } from '@pizzapi/protocol';
import { isPageAnswer, type PageOf } from './answer-shapes';
import { expected } from './api-problem';
import { isApprovalView } from './approval-shapes';
import { RelayClient } from './relay-client';

const isApprovalPage = isPageAnswer('approvals', isApprovalView);

/** What agents ask people. */
@Service()
export class ApprovalsApi {
  private readonly relay = inject(RelayClient);

  /** A session's, the latest first. */
  async list(sessionId: string, cursor: string | undefined): Promise<PageOf<'approvals', ApprovalView>> {
    const query = cursor === undefined ? {} : { cursor };
    const { data } = await listApprovals({ ...this.relay.options, path: { sessionId }, query });
    return expected(data, isApprovalPage);
  }

  /** The first answer counts; a later one is refused with `approval_answered`. */
  async answer(approvalId: string, body: ApprovalAnswer): Promise<void> {
    await answerApproval({ ...this.relay.options, path: { approvalId }, body });
  }
}
