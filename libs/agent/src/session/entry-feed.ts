import type { SessionEntry, SessionManager } from '@earendil-works/pi-coding-agent';

/**
 * Finds the entries that were appended to a session's file since it was last asked.
 *
 * pi announces only some of its entries (`entry_appended`), so they are found by walking back from the newest one,
 * which costs as much as there is new.
 */
export class EntryFeed {
  readonly #manager: SessionManager;
  readonly #seen: Set<string>;

  /** What the file holds now counts as seen. */
  constructor(manager: SessionManager) {
    this.#manager = manager;
    this.#seen = new Set(manager.getEntries().map(({ id }) => id));
  }

  /** @returns the new entries, oldest first. */
  takeNew(): SessionEntry[] {
    const found: SessionEntry[] = [];
    let entry = this.#manager.getLeafEntry();
    while (entry && !this.#seen.has(entry.id)) {
      this.#seen.add(entry.id);
      found.push(entry);
      entry = entry.parentId === null ? undefined : this.#manager.getEntry(entry.parentId);
    }
    return found.reverse();
  }
}
