import type { EntityManager } from 'typeorm';

/** What a transaction did that somebody must learn as soon as it is committed: a topic, and what it is about. */
export type CommitNotes = Map<string, Set<string>>;
/** Told once for each key that was noted. */
export type CommitListener = (key: string) => Promise<void>;

const notes = new WeakMap<EntityManager, CommitNotes>();

/**
 * Leaves a note with a transaction. Its listeners (`Database.whenCommitted`) are told after the commit and before `Database.write` resolves, so
 * before anybody is answered; nobody is told when it is rolled back.
 */
export function noteForCommit(transaction: EntityManager, topic: string, key: string): void {
  let ofTransaction = notes.get(transaction);
  if (!ofTransaction) notes.set(transaction, (ofTransaction = new Map<string, Set<string>>()));
  const keys = ofTransaction.get(topic);
  if (keys) keys.add(key);
  else ofTransaction.set(topic, new Set([key]));
}

export function notesOf(transaction: EntityManager): CommitNotes {
  return notes.get(transaction) ?? new Map<string, Set<string>>();
}
