import type { BranchView, ForkView } from '@pizzapi/protocol';

/** A branch as a line of the tree. */
export interface BranchLine {
  readonly branch: BranchView;
  /** How many forks it lies behind, from 0. */
  readonly depth: number;
  /** Of the branches at its fork, from 1. */
  readonly index: number;
  readonly count: number;
  /** Among all that stand below the same branch, from 1. */
  readonly position: number;
  readonly siblings: number;
  /** The branch that it stands below, by its first entry; null: none. */
  readonly above: string | null;
  /** How many stand below it, all the way down. */
  readonly below: number;
  /** The conversation's end is on this branch, and on none of its own. */
  readonly isHere: boolean;
}

/** The tree of a session from its beginning, each branch before those that it has itself. */
export function branchLines(forks: readonly ForkView[]): BranchLine[] {
  const lines = linesWithin(forks, null, 0, new Set());
  const here = lines.findLastIndex(({ branch }) => branch.isCurrent);
  return lines.map((line, at) => ({ ...line, isHere: at === here }));
}

/** Those that are in sight: none stands below a folded one. */
export function unfoldedLines(lines: readonly BranchLine[], folded: ReadonlySet<string>): BranchLine[] {
  const hidden = new Set<string>();
  return lines.filter(({ branch, above }) => {
    const isHidden = above !== null && (folded.has(above) || hidden.has(above));
    if (isHidden) hidden.add(branch.entryId);
    return !isHidden;
  });
}

/** The branches that one stands below, up to the first of all. */
export function branchesAbove(lines: readonly BranchLine[], entryId: string): string[] {
  const above = lines.find(({ branch }) => branch.entryId === entryId)?.above ?? null;
  return above === null ? [] : [above, ...branchesAbove(lines, above)];
}

function linesWithin(
  forks: readonly ForkView[],
  within: string | null,
  depth: number,
  known: Set<ForkView>,
): Omit<BranchLine, 'isHere'>[] {
  const own = forks.filter((fork) => (fork.within ?? null) === within && !known.has(fork));
  for (const fork of own) known.add(fork);
  const siblings = own.reduce((sum, { branches }) => sum + branches.length, 0);
  let position = 0;
  return own.flatMap(({ branches }) =>
    branches.flatMap((branch, at) => {
      position += 1;
      const place = { depth, index: at + 1, count: branches.length, position, siblings, above: within };
      const ofItsOwn = linesWithin(forks, branch.entryId, depth + 1, known);
      return [{ branch, ...place, below: ofItsOwn.length }, ...ofItsOwn];
    }),
  );
}
