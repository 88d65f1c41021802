import { Service, inject } from '@angular/core';
import { answerApproval } from '@pizzapi/api-client';
import type { ApprovalAnswer } from '@pizzapi/protocol';
import { RelayClient } from './relay-client';

/** What agents ask people. */
@Service()
export class ApprovalsApi {
  private readonly relay = inject(RelayClient);

  /** The first answer counts; a later one is refused with `approval_answered`. */
  async answer(approvalId: string, body: ApprovalAnswer): Promise<void> {
    await answerApproval({ ...this.relay.options, path: { approvalId }, body });
  }
}
