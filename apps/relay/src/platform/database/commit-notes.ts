import type { EntityManager } from 'typeorm';

/** What others must learn about a transaction as soon as it is committed: topics, each with the keys of what has changed. */
export type CommitNotes = Map<string, Set<string>>;
/** Called once for each key that was noted. */
export type CommitListener = (key: string) => Promise<void>;

const notes = new WeakMap<EntityManager, CommitNotes>();

/**
 * Leaves a note with a transaction. Listeners of the topic (`Database.whenCommitted`) are called after the commit and before
 * `Database.write` resolves, hence before anybody is answered. After a rollback nobody is called.
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
