import type { ApprovalOutcome, SettledApproval } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type Settlement = Pick<SettledApproval, 'settledAt' | 'answeredBy' | 'scope' | 'text' | 'reason'> & {
  /** Where it stands in the transcript. */
  seq?: number;
};

/** A question of an agent to a person. Goes with its session. */
@Entity('approvals')
export class ApprovalEntity {
  @PrimaryColumn('varchar', { name: 'approval_id' })
  approvalId!: string;

  @Column('varchar', { name: 'session_id' })
  sessionId!: string;

  /** As the worker asked it: the JSON of an `ApprovalRequest`. */
  @Column('text')
  request!: string;

  /** Null: it waits. */
  @Column('varchar', { nullable: true })
  outcome!: ApprovalOutcome | null;

  /** What belongs to the outcome. */
  @Column('simple-json', { nullable: true })
  settlement!: Settlement | null;
}
