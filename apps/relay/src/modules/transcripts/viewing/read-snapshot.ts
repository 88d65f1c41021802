import { Injectable } from '@nestjs/common';
import type { SessionState, TranscriptPage } from '@pizzapi/protocol';
import { notFound } from '../../../platform/http/problem.error.js';
import { Database } from '../../../platform/database/database.js';
import { EventLog, modelOf, SessionEntity } from '../../sessions/index.js';
import { firstNeededSeq } from '../open-items.js';
import { TranscriptRepository } from '../transcript.repository.js';

const PAGE_SIZE = 60;

export interface Snapshot {
  page: TranscriptPage;
  nextSeq: number;
  state: SessionState;
}

/** Reads the end of a session's transcript, its state, and the number from which the log continues both. */
@Injectable()
export class ReadSnapshot {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly transcripts: TranscriptRepository,
  ) {}

  async of(sessionId: string): Promise<Snapshot> {
    for (;;) {
      // The row is read before the page: if a projection comes in between, the log merely repeats entries of the page.
      const session = await this.session(sessionId);
      const page = await this.transcripts.page(sessionId, { limit: PAGE_SIZE });
      const { inputs: queue, more: moreQueued } = await this.log.queue(sessionId);
      const offer = await this.log.offer(sessionId);
      const needed = firstNeededSeq(session.openItems, session.transcribedSeq);
      const nextSeq = await this.firstReadable(sessionId, needed);
      // If the transcript has moved on, the missing events were just trimmed: read again. Otherwise Redis has lost them for good.
      if (nextSeq !== needed && (await this.session(sessionId)).transcribedSeq !== session.transcribedSeq) continue;
      const { activity, usage, isInterrupted, branchSeq } = session;
      return {
        page,
        nextSeq,
        state: {
          activity,
          model: modelOf(session),
          usage,
          queue,
          ...(moreQueued !== undefined && { moreQueued }),
          ...offer,
          isInterrupted,
          branchSeq,
        },
      };
    }
  }

  private async session(sessionId: string): Promise<SessionEntity> {
    const session = await this.database.read.findOneBy(SessionEntity, { sessionId });
    if (!session) throw notFound('session');
    return session;
  }

  private async firstReadable(sessionId: string, needed: number): Promise<number> {
    // In this order, so that events that arrive in between are read rather than skipped.
    const lastSeq = await this.log.lastSeq(sessionId);
    return (await this.log.firstAfter(sessionId, needed - 1)) ?? Math.max(needed, lastSeq + 1);
  }
}
