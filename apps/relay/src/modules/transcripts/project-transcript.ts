import { Injectable } from '@nestjs/common';
import type { SessionEvent, SessionEventType } from '@pizzapi/protocol';
import { RelayConfig } from '../../config/config.js';
import { Database } from '../../platform/database/database.js';
import { applyApprovals } from '../approvals/index.js';
import { applyChildReports, applySessionState, EventLog, SessionEntity } from '../sessions/index.js';
import { BranchRepository } from './branches/branch.repository.js';
import { applyToOpenItems, firstNeededSeq, type OpenItems } from './open-items.js';
import { TranscriptEntryEntity } from './transcript-entry.entity.js';
import { TranscriptRepository } from './transcript.repository.js';

/** The maximum that is read at once, and written in one transaction. */
const BATCH = { count: 1_000, bytes: 8 * 1024 * 1024 };
/** The maximum that a session's log may take of Redis' memory, however few events these are. Only what is in progress may take more. */
const LOG_BYTES = 32 * 1024 * 1024;
/** Events that the worker repeats after a loss in the log. All others concern the session's state. */
const OF_ENTRIES: ReadonlySet<SessionEventType> = new Set(['entry.appended', 'branch.changed']);

/** Updates a session's transcript and row from its event log. Idempotent, and safe to run on several replicas at once. */
@Injectable()
export class ProjectTranscript {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly transcripts: TranscriptRepository,
    private readonly branches: BranchRepository,
    private readonly config: RelayConfig,
  ) {}

  /** @returns whether the transcript has changed */
  async run(sessionId: string): Promise<boolean> {
    let isChanged = false;
    for (;;) {
      const session = await this.database.read.findOneBy(SessionEntity, { sessionId });
      if (!session) return isChanged; // deleted in the meantime
      const { events, isEnd } = await this.log.readAfter(sessionId, session.transcribedSeq, BATCH);
      const [first, last] = [events[0], events.at(-1)];
      if (!first || !last) return isChanged;
      const from = await this.tellsAllFrom(session, first);
      const openItems = events.reduce(applyToOpenItems, session.openItems);
      const isOurs = await this.commit(session, events, { openItems, from });
      if (!isOurs) continue; // another replica was faster; continue from its cursor
      isChanged = true;
      await this.trim(sessionId, firstNeededSeq(openItems, last.seq), last.seq);
      if (isEnd) return isChanged;
    }
  }

  /**
   * Keeps gaps out of the transcript: where events were lost, the worker is asked to repeat what they contained and everything after it, in order.
   * @returns the number of the first event that may contain new entries
   */
  private async tellsAllFrom({ sessionId, transcribedSeq }: SessionEntity, first: SessionEvent): Promise<number> {
    const from = await this.log.tellsAllFrom(sessionId);
    if (first.seq <= Math.max(transcribedSeq + 1, from)) return from;
    const lastEntryId = await this.transcripts.lastEntryId(sessionId);
    return this.log.askAnew(sessionId, { lastSeq: transcribedSeq, lastEntryId });
  }

  /** Writes entries, state and cursor in one transaction. @returns false if the cursor has moved since it was read */
  private async commit(
    session: SessionEntity,
    events: SessionEvent[],
    { openItems, from }: { openItems: OpenItems; from: number },
  ): Promise<boolean> {
    const transcribedSeq = events.at(-1)?.seq ?? session.transcribedSeq;
    const told = events.filter(({ seq, type }) => seq >= from || !OF_ENTRIES.has(type));
    return this.database.write(async (manager) => {
      const { sessionId } = session;
      const moved = await manager.update(
        SessionEntity,
        { sessionId, transcribedSeq: session.transcribedSeq },
        { transcribedSeq, openItems },
      );
      if (moved.affected !== 1) return false;
      await this.transcripts.add(
        manager,
        told.flatMap((event) => entryOf(sessionId, event)),
      );
      await this.branches.apply(manager, sessionId, told);
      const questions = await applyApprovals(manager, sessionId, events);
      await applyChildReports(manager, session, events, {
        lastAnswer: (beforeSeq) => this.transcripts.lastAnswer(manager, sessionId, beforeSeq),
        lastEntryId: (beforeSeq) => this.transcripts.lastEntryIdBefore(manager, sessionId, beforeSeq),
      });
      await applySessionState(manager, sessionId, events, questions === undefined ? {} : { questions });
      return true;
    });
  }

  private async trim(sessionId: string, neededSeq: number, lastSeq: number): Promise<void> {
    const oldest = Math.min(neededSeq, lastSeq - this.config.eventBufferSize + 1);
    if (oldest > 1) await this.log.forgetBelow(sessionId, oldest);
    await this.log.shrink(sessionId, neededSeq, LOG_BYTES);
  }
}

function entryOf(sessionId: string, event: SessionEvent): TranscriptEntryEntity[] {
  if (event.type !== 'entry.appended') return [];
  const { entryId, kind, ts, content, parentId, outputBytes = null } = event.data;
  const parent = parentId === undefined ? null : (parentId ?? '');
  return [
    Object.assign(new TranscriptEntryEntity(), {
      sessionId,
      seq: event.seq,
      entryId,
      kind,
      ts: new Date(ts),
      parentId: parent,
      isHidden: false,
      outputBytes,
      content,
    }),
  ];
}
