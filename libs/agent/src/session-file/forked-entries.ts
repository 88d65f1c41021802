import { readFile } from 'node:fs/promises';
import {
  type FileEntry,
  migrateSessionEntries,
  parseSessionEntries,
  type SessionEntry,
} from '@earendil-works/pi-coding-agent';
import type { ForkPoint } from '@pizzapi/protocol';
import { ApprovalEntry } from '../approvals/approval-entries.js';
import { EntryUnknownError, ForkSourceDamagedError, ForkSourceMissingError } from '../errors/agent-error.js';
import { BRANCH_ENTRY } from '../session/branches.js';
import { DeliveryEntry } from './delivery-ledger.js';
import { findSessionFile } from './session-path.js';

/** Custom entry: what stands before it was taken over from another session. */
export const FORK_ENTRY = 'forked';

/**
 * Of our own entries, those that say what is going on in one session: what waits there to be heard or answered, and where it stood. Another
 * session that goes on from the same words has no part in them. Its name it gets from who makes it.
 */
const OF_ONE_SESSION: readonly string[] = [
  DeliveryEntry.received,
  DeliveryEntry.edited,
  DeliveryEntry.removed,
  ApprovalEntry.requested,
  BRANCH_ENTRY,
  FORK_ENTRY,
];

/**
 * What a fork takes over: the way that led to an entry of another session, from the file of that, which its worker may be writing meanwhile.
 * @throws ForkSourceMissingError, EntryUnknownError, ForkSourceDamagedError
 */
export async function readForkedEntries(
  sessionsDir: string,
  { sessionId, entryId }: ForkPoint,
): Promise<{ path: string; entries: SessionEntry[] }> {
  const path = await findSessionFile(sessionsDir, sessionId);
  if (path === null) throw new ForkSourceMissingError(sessionId);
  const entries = parseSessionEntries(await readFile(path, 'utf8'));
  migrateSessionEntries(entries);
  return { path, entries: relinked(wayTo(entryId, entries, path)) };
}

/** Entries come after those that they follow. */
function wayTo(entryId: string, entries: readonly FileEntry[], path: string): SessionEntry[] {
  const way: SessionEntry[] = [];
  let next: string | null = entryId;
  for (const entry of entries.toReversed()) {
    if (entry.type === 'session' || entry.id !== next) continue;
    way.push(entry);
    next = entry.parentId;
  }
  if (way.length === 0) throw new EntryUnknownError(entryId);
  // pi passes over lines that it cannot read: the conversation would be shortened in silence.
  if (next !== null) throw new ForkSourceDamagedError(path, next);
  return way.reverse();
}

/** Without what belongs to the one session: what stood after such an entry follows what was before it. */
function relinked(way: readonly SessionEntry[]): SessionEntry[] {
  const kept: SessionEntry[] = [];
  const standsFor = new Map<string, string>();
  let left: string[] = [];
  for (const entry of way) {
    if (isOfOneSession(entry)) {
      left.push(entry.id);
      continue;
    }
    for (const id of left) standsFor.set(id, entry.id);
    left = [];
    const parentId = kept.at(-1)?.id ?? null;
    if (entry.type !== 'compaction') kept.push({ ...entry, parentId });
    else {
      const { firstKeptEntryId } = entry;
      kept.push({ ...entry, parentId, firstKeptEntryId: standsFor.get(firstKeptEntryId) ?? firstKeptEntryId });
    }
  }
  return kept;
}

function isOfOneSession(entry: SessionEntry): boolean {
  return entry.type === 'session_info' || (entry.type === 'custom' && OF_ONE_SESSION.includes(entry.customType));
}

/** The entries of a session that it did not take over from another one. */
export function ownEntries(entries: readonly SessionEntry[]): readonly SessionEntry[] {
  return entries.slice(entries.findLastIndex(isForkMark) + 1);
}

function isForkMark(entry: SessionEntry): boolean {
  return entry.type === 'custom' && entry.customType === FORK_ENTRY;
}
