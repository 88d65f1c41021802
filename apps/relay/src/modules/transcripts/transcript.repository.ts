import { Injectable } from '@nestjs/common';
import type { TranscriptPage } from '@pizzapi/protocol';
import { type EntityManager, type FindOptionsWhere, In, LessThan, MoreThan } from 'typeorm';
import { Database } from '../../platform/database/database.js';
import { TranscriptEntryEntity } from './transcript-entry.entity.js';

/** The maximum size of a page, which is read, encoded and sent as a whole. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** At most one of `before` and `after`; without either, the end of the transcript. */
export interface PageRequest {
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
}

/** An entry without its content. */
export type EntryPlace = Pick<TranscriptEntryEntity, 'sessionId' | 'seq' | 'entryId' | 'kind' | 'parentId'>;

@Injectable()
export class TranscriptRepository {
  constructor(private readonly database: Database) {}

  /** A page of the current branch, oldest entry first: at most `limit` entries, and at most {@link PAGE_BYTES} unless it is a single entry. */
  async page(sessionId: string, request: PageRequest): Promise<TranscriptPage> {
    const { seqs, hasMore } = await this.fitting(sessionId, request);
    // By number only: if the branch changes in between, the page is as it was before.
    const rows = await this.database.read.find(TranscriptEntryEntity, {
      where: { sessionId, seq: In(seqs) },
      order: { seq: 'ASC' },
    });
    const entries = rows.map(({ seq, entryId, kind, ts, content, outputBytes }) => ({
      seq,
      entryId,
      kind,
      ts: ts.toISOString(),
      content,
      ...(outputBytes !== null && { outputBytes }),
    }));
    return { entries, firstSeq: entries[0]?.seq ?? 0, lastSeq: entries.at(-1)?.seq ?? 0, hasMore };
  }

  /** Chooses the entries of a page by their sizes, so that none is read that does not fit. */
  private async fitting(
    sessionId: string,
    { before, after, limit }: PageRequest,
  ): Promise<{ seqs: number[]; hasMore: boolean }> {
    const isForward = after !== undefined;
    const range = isForward ? { seq: MoreThan(after) } : before !== undefined ? { seq: LessThan(before) } : {};
    const sizes = await this.database.read
      .createQueryBuilder(TranscriptEntryEntity, 'entry')
      .select('entry.seq', 'seq')
      .addSelect('octet_length(entry.content)', 'bytes')
      .where({ sessionId, isHidden: false, ...range })
      .orderBy('entry.seq', isForward ? 'ASC' : 'DESC')
      .limit(limit + 1)
      .getRawMany<{ seq: number; bytes: number }>();
    let total = 0;
    const fits = ({ bytes }: { bytes: number }, at: number): boolean => {
      total += bytes;
      return at < limit && (at === 0 || total <= PAGE_BYTES);
    };
    const count = sizes.findIndex((size, at) => !fits(size, at));
    const page = count === -1 ? sizes : sizes.slice(0, count);
    return { seqs: page.map(({ seq }) => seq), hasMore: page.length < sizes.length };
  }

  /** The last entry of any kind, on any branch. */
  async lastEntryId(sessionId: string): Promise<string | null> {
    return (await this.lastOf({ sessionId }))?.entryId ?? null;
  }

  /** The last entry of the current branch. */
  async lastShownEntryId(sessionId: string): Promise<string | null> {
    return (await this.lastOf({ sessionId, isHidden: false }))?.entryId ?? null;
  }

  /** One entry on any branch, without its content. */
  entry(sessionId: string, entryId: string): Promise<EntryPlace | null> {
    return this.lastOf({ sessionId, entryId });
  }

  /** One entry with its content. */
  whole(sessionId: string, entryId: string): Promise<TranscriptEntryEntity | null> {
    return this.database.read.findOne(TranscriptEntryEntity, { where: { sessionId, entryId }, order: { seq: 'DESC' } });
  }

  /** The previous entry on its branch; null for the first one. */
  async entryIdBefore({ sessionId, seq, parentId }: EntryPlace): Promise<string | null> {
    if (parentId !== null) return parentId === '' ? null : parentId;
    return this.lastEntryIdBefore(this.database.read, sessionId, seq);
  }

  private lastOf(
    where: FindOptionsWhere<TranscriptEntryEntity>,
    manager = this.database.read,
  ): Promise<EntryPlace | null> {
    return manager.findOne(TranscriptEntryEntity, {
      where,
      order: { seq: 'DESC' },
      select: { sessionId: true, seq: true, entryId: true, kind: true, parentId: true },
    });
  }

  /** The assistant's last message before an event, as the transaction sees it. */
  async lastAnswer(
    manager: EntityManager,
    sessionId: string,
    beforeSeq: number,
  ): Promise<Pick<TranscriptEntryEntity, 'entryId' | 'content'> | null> {
    return manager.findOne(TranscriptEntryEntity, {
      where: { sessionId, kind: 'assistant', seq: LessThan(beforeSeq) },
      order: { seq: 'DESC' },
    });
  }

  /** The last entry of any kind before an event, as the transaction sees it. */
  async lastEntryIdBefore(manager: EntityManager, sessionId: string, beforeSeq: number): Promise<string | null> {
    return (await this.lastOf({ sessionId, seq: LessThan(beforeSeq) }, manager))?.entryId ?? null;
  }

  /** Adds entries. Existing ones, which are sent again after a crash, are not changed. */
  async add(manager: EntityManager, entries: TranscriptEntryEntity[]): Promise<void> {
    // SQLite allows 32,766 variables per statement, which 500 rows of nine columns stay well below.
    for (let at = 0; at < entries.length; at += 500) {
      await manager
        .createQueryBuilder()
        .insert()
        .into(TranscriptEntryEntity)
        .values(entries.slice(at, at + 500))
        .orIgnore()
        .execute();
    }
  }

  async deleteAll(manager: EntityManager, sessionId: string): Promise<void> {
    await manager.delete(TranscriptEntryEntity, { sessionId });
  }
}
