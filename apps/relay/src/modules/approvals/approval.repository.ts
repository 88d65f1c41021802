import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Database } from '../../platform/database/database.js';
import { ApprovalEntity } from './approval.entity.js';

/** Reads approvals. They are only changed by their session's events (`apply-approvals.ts`). */
@Injectable()
export class ApprovalRepository {
  constructor(private readonly database: Database) {}

  find(approvalId: string): Promise<ApprovalEntity | null> {
    return this.database.read.findOneBy(ApprovalEntity, { approvalId });
  }

  /** A page of a session's approvals, newest first. */
  page(sessionId: string, before: string | null, limit: number): Promise<ApprovalEntity[]> {
    return this.database.read.find(ApprovalEntity, {
      where: { sessionId, ...(before === null ? {} : { approvalId: LessThan(before) }) },
      order: { approvalId: 'DESC' },
      take: limit,
    });
  }
}
