import {
  type AgentSession,
  collectEntriesForBranchSummary,
  type SessionEntry,
  type SessionManager,
} from '@earendil-works/pi-coding-agent';
import type { BranchPoint } from '@pizzapi/protocol';
import { BranchRefusedError, EntryUnknownError, NoMessageError } from '../errors/agent-error.js';
import { shownKind } from '../events/map-entry.js';

/** Custom entry: the conversation went on from here. pi opens a file at its last entry, so without it a change of branch would be forgotten. */
export const BRANCH_ENTRY = 'branch';

type Tree = Pick<SessionManager, 'getEntry' | 'getEntries' | 'getBranch'>;

/** Of the entries before this one on its branch, the nearest that viewers see; null where there is none. */
export function toldBefore(tree: Pick<Tree, 'getEntry'>, { parentId }: SessionEntry): string | null {
  let entry = parentId === null ? undefined : tree.getEntry(parentId);
  while (entry && !shownKind(entry)) entry = entry.parentId === null ? undefined : tree.getEntry(entry.parentId);
  return entry?.id ?? null;
}

/** The last entry of the current branch that viewers see. */
export function toldLeaf(tree: Pick<Tree, 'getBranch'>): string | null {
  return tree.getBranch().findLast((entry) => shownKind(entry) !== null)?.id ?? null;
}

/** Whether the file holds anything that is not on the current branch. */
export function hasBranches(tree: Pick<Tree, 'getBranch' | 'getEntries'>): boolean {
  return tree.getBranch().length < tree.getEntries().length;
}

/**
 * Makes the conversation go on from elsewhere. Back it goes to before a message only: before anything else, a tool's call could stand without its
 * result, which no model takes.
 * @throws EntryUnknownError, NoMessageError
 */
export function moveTo(manager: SessionManager, entryId: string, at: BranchPoint): void {
  const entry = entryFor(manager, entryId, at);
  const leaf = at === 'before' ? toldBefore(manager, entry) : endOf(manager.getEntries(), entry);
  if (leaf === null) manager.resetLeaf();
  else manager.branch(leaf);
  manager.appendCustomEntry(BRANCH_ENTRY, { entryId, at });
}

function entryFor(tree: Pick<Tree, 'getEntry'>, entryId: string, at: BranchPoint): SessionEntry {
  const entry = tree.getEntry(entryId);
  if (!entry) throw new EntryUnknownError(entryId);
  if (at === 'before' && !isMessage(entry)) throw new NoMessageError(entryId);
  return entry;
}

/**
 * Asks extensions, as pi does before it goes elsewhere in its tree. Nobody here wants a summary of what is left, so of what they may answer only their
 * no counts.
 * @throws as {@link moveTo}, BranchRefusedError
 */
export async function askExtensions(session: AgentSession, entryId: string, at: BranchPoint): Promise<void> {
  const { sessionManager, extensionRunner } = session;
  const entry = entryFor(sessionManager, entryId, at);
  if (!extensionRunner.hasHandlers('session_before_tree')) return;
  const targetId = at === 'before' ? entry.id : endOf(sessionManager.getEntries(), entry);
  const oldLeafId = sessionManager.getLeafId();
  const { entries: entriesToSummarize, commonAncestorId } = collectEntriesForBranchSummary(
    sessionManager,
    oldLeafId,
    targetId,
  );
  const preparation = { targetId, oldLeafId, commonAncestorId, entriesToSummarize, userWantsSummary: false };
  const { signal } = new AbortController();
  const answer = await extensionRunner.emit({ type: 'session_before_tree', preparation, signal });
  if (answer?.cancel === true) throw new BranchRefusedError();
}

/** The same for a session that is open. Its extensions hear of it, because what they keep belongs to a branch. @throws as {@link moveTo} */
export function changeBranch(session: AgentSession, entryId: string, at: BranchPoint): void {
  const { sessionManager, extensionRunner } = session;
  const oldLeafId = sessionManager.getLeafId();
  moveTo(sessionManager, entryId, at);
  session.refreshContext();
  // A failure of theirs pi reports itself.
  void extensionRunner.emit({ type: 'session_tree', newLeafId: sessionManager.getLeafId(), oldLeafId });
}

function isMessage(entry: SessionEntry): boolean {
  const kind = shownKind(entry);
  return kind === 'user' || kind === 'trigger';
}

/** The last entry that was appended to the branch that begins with this one. Entries come after those that they follow. */
function endOf(entries: readonly SessionEntry[], first: SessionEntry): string {
  const within = new Set([first.id]);
  let last = first.id;
  for (const { id, parentId } of entries) {
    if (parentId === null || !within.has(parentId)) continue;
    within.add(id);
    last = id;
  }
  return last;
}
