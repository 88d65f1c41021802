import type { ApprovalOutcome, SettledApproval } from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type Settlement = Pick<SettledApproval, 'settledAt' | 'answeredBy' | 'scope' | 'text' | 'reason'> & {
  /** Number of the transcript entry with the outcome. */
  seq?: number;
};

/** An agent's request to a person. Deleted with its session. */
@Entity('approvals')
export class ApprovalEntity {
  @PrimaryColumn('varchar', { name: 'approval_id' })
  approvalId!: string;

  @Column('varchar', { name: 'session_id' })
  sessionId!: string;

  /** JSON of the worker's `ApprovalRequest`. */
  @Column('text')
  request!: string;

  /** Null while it waits. */
  @Column('varchar', { nullable: true })
  outcome!: ApprovalOutcome | null;

  /** Details of the outcome. */
  @Column('simple-json', { nullable: true })
  settlement!: Settlement | null;
}
