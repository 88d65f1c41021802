import { Injectable } from '@nestjs/common';
import { SessionStatus } from '@pizzapi/protocol';
import { In, IsNull, LessThan, Not, type SelectQueryBuilder } from 'typeorm';
import { noteForCommit } from '../../platform/database/commit-notes.js';
import { Database, type Transaction } from '../../platform/database/database.js';
import { OPEN_SESSIONS_CHANGED } from './change-session.js';
import { reportEnd } from './children/report-end.js';
import { likePattern, searchTextOf } from './search-text.js';
import type { SessionCursor } from './session-cursor.js';
import { isOpen } from './session-status.js';
import { SessionEntity } from './session.entity.js';

export interface SessionQuery {
  q?: string | undefined;
  runnerId?: string | undefined;
  status?: SessionStatus | undefined;
  parentSessionId?: string | undefined;
}

/** A group of sessions that wait for the same runner, and may wait for the same time. */
export interface RunnerWait {
  runnerId: string;
  /** Null: the relay's default. */
  maxWaitMs: number | null;
  /** Since when the one that has waited longest has waited. */
  since: Date;
}

/** A session that waits for its runner. */
export interface WaitingSession {
  sessionId: string;
  runnerId: string;
  waitsSince: Date;
}

/** A folder that sessions ran in. The time of their latest change and the greatest of their ids give it its place in a list. */
export interface RecentFolder {
  cwd: string;
  /** ISO 8601. */
  usedAt: string;
  sessionId: string;
}

/** Sessions that wait for their runner. One that is held waits for room with its listener, and not for the runner yet. */
const WAITING = { status: SessionStatus.pending, isHeld: false };
const OPEN = [SessionStatus.pending, SessionStatus.active];

/** Reads, inserts and deletes sessions. Changes go through `change-session.ts`. */
@Injectable()
export class SessionRepository {
  constructor(private readonly database: Database) {}

  find(sessionId: string): Promise<SessionEntity | null> {
    return this.database.read.findOneBy(SessionEntity, { sessionId });
  }

  findMany(sessionIds: readonly string[]): Promise<SessionEntity[]> {
    return sessionIds.length === 0
      ? Promise.resolve([])
      : this.database.read.findBy(SessionEntity, { sessionId: In([...sessionIds]) });
  }

  /** One owner's sessions, pinned first, then the latest change first, after a cursor. */
  page(ownerId: string, query: SessionQuery, cursor: SessionCursor | null, limit: number): Promise<SessionEntity[]> {
    const select = this.database.read.createQueryBuilder(SessionEntity, 's').where('s.ownerId = :ownerId', { ownerId });
    filter(select, query);
    // One comparison of the whole key, which both databases answer from the index.
    if (cursor)
      select.andWhere('(s.is_pinned, s.updated_at, s.session_id) < (:isPinned, :updatedAt, :sessionId)', cursor);
    return select
      .orderBy({ 's.isPinned': 'DESC', 's.updatedAt': 'DESC', 's.sessionId': 'DESC' })
      .limit(limit)
      .getMany();
  }

  /** Does nothing if there is one with that id already. */
  async insert(transaction: Transaction, session: Omit<SessionEntity, 'searchText'>): Promise<void> {
    const row = { ...session, searchText: searchTextOf(session) };
    await transaction.createQueryBuilder().insert().into(SessionEntity).values(row).orIgnore().execute();
  }

  /** Deletes a session. Its children stay, without a parent. @returns the children's ids */
  async delete(sessionId: string): Promise<string[]> {
    return this.database.write(async (manager) => {
      const session = await manager.findOneBy(SessionEntity, { sessionId });
      if (!session) return [];
      if (isOpen(session.status)) await reportEnd(manager, session, 'deleted');
      const children = await manager.find(SessionEntity, {
        where: { parentSessionId: sessionId },
        select: { sessionId: true },
      });
      await manager.update(SessionEntity, { parentSessionId: sessionId }, { parentSessionId: null });
      await manager.delete(SessionEntity, { sessionId });
      noteForCommit(manager, OPEN_SESSIONS_CHANGED, session.runnerId);
      return children.map((child) => child.sessionId);
    });
  }

  /** Ids of sessions that wait for their runner; those that wait for room have no order yet. */
  async pendingIds(): Promise<string[]> {
    const rows = await this.database.read.find(SessionEntity, {
      where: WAITING,
      select: { sessionId: true },
    });
    return rows.map(({ sessionId }) => sessionId);
  }

  /** Sessions whose worker is unloaded. */
  async pausedIds(): Promise<string[]> {
    const rows = await this.database.read.find(SessionEntity, {
      where: { status: SessionStatus.active, activity: 'paused' },
      select: { sessionId: true },
    });
    return rows.map(({ sessionId }) => sessionId);
  }

  /** Which sessions wait for their runners, in groups. */
  async waits(): Promise<RunnerWait[]> {
    const rows = await this.database.read
      .createQueryBuilder(SessionEntity, 's')
      .where(WAITING)
      .select('s.runner_id', 'runnerId')
      .addSelect('s.max_wait_ms', 'maxWaitMs')
      .addSelect('MIN(s.waits_since)', 'since')
      .groupBy('s.runner_id')
      .addGroupBy('s.max_wait_ms')
      .getRawMany<{ runnerId: string; maxWaitMs: number | string | null; since: string | null }>();
    return rows.flatMap(({ runnerId, maxWaitMs, since }) =>
      since === null
        ? []
        : [{ runnerId, maxWaitMs: maxWaitMs === null ? null : Number(maxWaitMs), since: new Date(since) }],
    );
  }

  /** The sessions of a group that have waited since before a time (null: all of them), the longest first. */
  async waitingSince(
    { runnerId, maxWaitMs }: RunnerWait,
    before: Date | null,
    limit: number,
  ): Promise<WaitingSession[]> {
    const rows = await this.database.read.find(SessionEntity, {
      where: {
        ...WAITING,
        runnerId,
        maxWaitMs: maxWaitMs ?? IsNull(),
        waitsSince: before === null ? Not(IsNull()) : LessThan(before),
      },
      select: { sessionId: true, waitsSince: true },
      order: { waitsSince: 'ASC', sessionId: 'ASC' },
      take: limit,
    });
    return rows.flatMap(({ sessionId, waitsSince }) =>
      waitsSince === null ? [] : [{ sessionId, runnerId, waitsSince }],
    );
  }

  /** Those of them that are open. */
  async openAmong(sessionIds: readonly string[]): Promise<Set<string>> {
    const open = await this.database.read.find(SessionEntity, {
      select: { sessionId: true },
      where: { sessionId: In([...sessionIds]), status: In(OPEN) },
    });
    return new Set(open.map(({ sessionId }) => sessionId));
  }

  /** How many sessions of each runner are open. Runners without any are left out. */
  async countOpen(runnerIds: readonly string[]): Promise<Map<string, number>> {
    if (runnerIds.length === 0) return new Map();
    const rows = await this.database.read
      .createQueryBuilder(SessionEntity, 's')
      .select('s.runnerId', 'runnerId')
      .addSelect('COUNT(*)', 'count')
      .where('s.runnerId IN (:...runnerIds)', { runnerIds })
      .andWhere('s.status IN (:...open)', { open: OPEN })
      .groupBy('s.runnerId')
      .getRawMany<{ runnerId: string; count: string | number }>();
    return new Map(rows.map(({ runnerId, count }) => [runnerId, Number(count)]));
  }

  /** A page of the folders that an owner used on a runner, the latest first, after one of them. */
  recentFolders(
    { ownerId, runnerId }: { ownerId: string; runnerId: string },
    after: Omit<RecentFolder, 'cwd'> | null,
    limit: number,
  ): Promise<RecentFolder[]> {
    const select = this.database.read
      .createQueryBuilder(SessionEntity, 's')
      .select('s.cwd', 'cwd')
      .addSelect('MAX(s.updated_at)', 'usedAt')
      .addSelect('MAX(s.session_id)', 'sessionId')
      .where("s.ownerId = :ownerId AND s.runnerId = :runnerId AND s.cwd <> ''", { ownerId, runnerId })
      .groupBy('s.cwd');
    if (after) select.having('(MAX(s.updated_at), MAX(s.session_id)) < (:usedAt, :sessionId)', after);
    return select
      .orderBy('MAX(s.updated_at)', 'DESC')
      .addOrderBy('MAX(s.session_id)', 'DESC')
      .limit(limit)
      .getRawMany<RecentFolder>();
  }
}

function filter(
  select: SelectQueryBuilder<SessionEntity>,
  { q, runnerId, status, parentSessionId }: SessionQuery,
): void {
  if (runnerId !== undefined) select.andWhere('s.runnerId = :runnerId', { runnerId });
  if (parentSessionId !== undefined) select.andWhere('s.parentSessionId = :parentSessionId', { parentSessionId });
  if (status !== undefined) select.andWhere('s.status = :status', { status });
  if (q !== undefined && q.trim() !== '')
    select.andWhere("s.search_text LIKE :pattern ESCAPE '\\'", { pattern: likePattern(q.trim()) });
}
