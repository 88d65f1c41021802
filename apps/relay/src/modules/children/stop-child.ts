import { Injectable } from '@nestjs/common';
import { noteKnownEnd, type SessionEntity, StopSession } from '../sessions/index.js';
import { ChildAccess } from './child-access.js';
import { ChildReportRepository } from './child-report.repository.js';

/** A session's agent stops its child, and is not told afterwards what it did itself. */
@Injectable()
export class StopChild {
  constructor(
    private readonly access: ChildAccess,
    private readonly reports: ChildReportRepository,
    private readonly stopSession: StopSession,
  ) {}

  /** @throws ProblemError `not_found` */
  async run(parent: SessionEntity, sessionId: string): Promise<void> {
    const child = await this.access.require(parent, sessionId);
    await this.reports.write((transaction) => noteKnownEnd(transaction, child));
    await this.stopSession.run(child);
  }
}
