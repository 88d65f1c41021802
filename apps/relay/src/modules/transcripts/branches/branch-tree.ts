/** An entry's place in its session's tree. */
export interface TreeEntry {
  seq: number;
  entryId: string;
  /** Empty: it is the first. Null: it is the one before it here. */
  parentId: string | null;
  isHidden: boolean;
}

/** A run of entries by their numbers, both included. */
export interface Run {
  from: number;
  to: number;
}

/** A fork: its parent (null: the beginning) and the ways on from it, the earliest first. */
export interface Fork<T> {
  parentEntryId: string | null;
  /** The first entry of the branch that it is on; null: it is on none. */
  within: string | null;
  isAhead: boolean;
  branches: T[];
}

/** What is to be shown and hidden so that exactly the way to that entry is shown. */
export function changesFor(entries: readonly TreeEntry[], leafId: string | null): { shown: Run[]; hidden: Run[] } {
  const path = pathTo(entries, leafId);
  return {
    shown: runsOf(entries, ({ entryId, isHidden }) => isHidden && path.has(entryId)),
    hidden: runsOf(entries, ({ entryId, isHidden }) => !isHidden && !path.has(entryId)),
  };
}

/** Where the conversation has more than one way, and where it now stands before those that it has. */
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

/** The first one of these on the way from an entry to the beginning, itself included. */
function nearest(
  parents: ReadonlyMap<string, string | null>,
  from: string | null,
  among: ReadonlySet<string>,
): string | null {
  let at = from;
  // No way has more steps than there are entries.
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
