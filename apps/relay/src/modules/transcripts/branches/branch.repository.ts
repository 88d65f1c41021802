import { Injectable } from '@nestjs/common';
import type { SessionEvent } from '@pizzapi/protocol';
import { Between, type EntityManager, In } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { SessionEntity } from '../../sessions/index.js';
import { TranscriptEntryEntity } from '../transcript-entry.entity.js';
import { changesFor, type Fork, forksOf, type TreeEntry } from './branch-tree.js';

/** Maintains which entries of a transcript are on the current branch. */
@Injectable()
export class BranchRepository {
  constructor(private readonly database: Database) {}

  /** Applies events that change the branch, after their entries were added. */
  async apply(manager: EntityManager, sessionId: string, events: readonly SessionEvent[]): Promise<void> {
    const changed = events.findLast((event) => event.type === 'branch.changed');
    if (changed?.type !== 'branch.changed') return;
    const entries = await treeOf(manager, sessionId);
    // Entries that came after the change are on the branch too, and the path to the last one contains them all.
    const last = entries.at(-1);
    const leafId = last && last.seq > changed.seq ? last.entryId : changed.data.leafId;
    const { shown, hidden } = changesFor(entries, leafId);
    for (const { from, to } of shown)
      await manager.update(TranscriptEntryEntity, { sessionId, seq: Between(from, to) }, { isHidden: false });
    for (const { from, to } of hidden)
      await manager.update(TranscriptEntryEntity, { sessionId, seq: Between(from, to) }, { isHidden: true });
    await manager.update(SessionEntity, { sessionId }, { branchSeq: changed.seq });
  }

  /** A session's forks, with the first entry of each branch. */
  async forks(sessionId: string): Promise<Fork<TranscriptEntryEntity>[]> {
    const forks = forksOf(await treeOf(this.database.read, sessionId));
    const entryIds = forks.flatMap(({ branches }) => branches.map(({ entryId }) => entryId));
    const rows = await this.database.read.findBy(TranscriptEntryEntity, { sessionId, entryId: In(entryIds) });
    const known = new Map(rows.map((row) => [row.entryId, row]));
    return forks.map((fork) => ({
      ...fork,
      branches: fork.branches.flatMap(({ entryId }) => known.get(entryId) ?? []),
    }));
  }
}

function treeOf(manager: EntityManager, sessionId: string): Promise<TreeEntry[]> {
  return manager.find(TranscriptEntryEntity, {
    where: { sessionId },
    order: { seq: 'ASC' },
    select: { sessionId: true, seq: true, entryId: true, parentId: true, isHidden: true },
  });
}
