import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import type { OpenedLog } from '../event-log/event-log.js';
import type { SessionEntity } from '../session.entity.js';

/** Looks up where a session's transcript ends, which is where a log goes on that Redis has lost. */
@Injectable()
export class LastTranscribed {
  constructor(private readonly database: Database) {}

  async of(session: Pick<SessionEntity, 'sessionId' | 'transcribedSeq'>): Promise<OpenedLog> {
    if (session.transcribedSeq === 0) return { lastSeq: 0, lastEntryId: null };
    const row = await this.database.read
      .createQueryBuilder()
      .select('entry_id', 'entryId')
      .from('transcript_entries', 't')
      .where('t.session_id = :sessionId', { sessionId: session.sessionId })
      .orderBy('t.seq', 'DESC')
      .limit(1)
      .getRawOne<{ entryId: string }>();
    return { lastSeq: session.transcribedSeq, lastEntryId: row?.entryId ?? null };
  }
}
