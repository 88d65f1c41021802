/** An entry's place in its session's tree. */
export interface TreeEntry {
  seq: number;
  entryId: string;
  /** Empty for the first entry. Null: the preceding entry of the transcript. */
  parentId: string | null;
  isHidden: boolean;
}

/** A run of consecutive entries, by the numbers of the first and the last. */
export interface Run {
  from: number;
  to: number;
}

/** A fork: its parent (null: the beginning) and the branches from it, earliest first. */
export interface Fork<T> {
  parentEntryId: string | null;
  /** The first entry of the branch that the fork is on; null if it is on none. */
  within: string | null;
  isAhead: boolean;
  branches: T[];
}

/** The entries to show and to hide, so that exactly the path to a leaf is shown. */
export function changesFor(entries: readonly TreeEntry[], leafId: string | null): { shown: Run[]; hidden: Run[] } {
  const path = pathTo(entries, leafId);
  return {
    shown: runsOf(entries, ({ entryId, isHidden }) => isHidden && path.has(entryId)),
    hidden: runsOf(entries, ({ entryId, isHidden }) => !isHidden && !path.has(entryId)),
  };
}

/** The points at which the conversation has several branches, or from which it was taken back. */
export function forksOf<T extends TreeEntry>(entries: readonly T[]): Fork<T>[] {
  const children = new Map<string | null, T[]>();
  const parents = parentsOf(entries);
  for (const entry of entries) {
    const parent = parents.get(entry.entryId) ?? null;
    children.set(parent, [...(children.get(parent) ?? []), entry]);
  }
  const end = entries.findLast(({ isHidden }) => !isHidden)?.entryId ?? null;
  const found = [...children]
    .map(([parentEntryId, branches]) => ({ parentEntryId, isAhead: parentEntryId === end, branches }))
    .filter(({ isAhead, branches }) => isAhead || branches.length > 1);
  const firsts = new Set(found.flatMap(({ branches }) => branches.map(({ entryId }) => entryId)));
  return found.map((fork) => ({ ...fork, within: nearest(parents, fork.parentEntryId, firsts) }));
}

/** The nearest of some entries on the path from an entry, itself included, to the beginning. */
function nearest(
  parents: ReadonlyMap<string, string | null>,
  from: string | null,
  among: ReadonlySet<string>,
): string | null {
  let at = from;
  // No path is longer than the number of entries; this also ends a cycle.
  for (let steps = 0; at !== null && !among.has(at); steps++)
    at = steps > parents.size ? null : (parents.get(at) ?? null);
  return at;
}

function parentsOf(entries: readonly TreeEntry[]): Map<string, string | null> {
  return new Map(
    entries.map(({ entryId, parentId }, index) => {
      const parent = parentId ?? entries[index - 1]?.entryId ?? '';
      return [entryId, parent === '' ? null : parent];
    }),
  );
}

function pathTo(entries: readonly TreeEntry[], leafId: string | null): Set<string> {
  const parents = parentsOf(entries);
  const path = new Set<string>();
  for (let at = leafId; at !== null && !path.has(at); at = parents.get(at) ?? null) path.add(at);
  return path;
}

function runsOf(entries: readonly TreeEntry[], isIn: (entry: TreeEntry) => boolean): Run[] {
  const runs: Run[] = [];
  let isOpen = false;
  for (const entry of entries) {
    const last = runs.at(-1);
    if (!isIn(entry)) isOpen = false;
    else if (isOpen && last) last.to = entry.seq;
    else {
      runs.push({ from: entry.seq, to: entry.seq });
      isOpen = true;
    }
  }
  return runs;
}
