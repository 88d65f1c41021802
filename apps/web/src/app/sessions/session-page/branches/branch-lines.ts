import type { BranchView, ForkView } from '@pizzapi/protocol';

/** A branch as a line of the tree. */
export interface BranchLine {
  readonly branch: BranchView;
  /** How many forks it lies behind, from 0. */
  readonly depth: number;
  /** Of the branches at its fork, from 1. */
  readonly index: number;
  readonly count: number;
  /** The conversation's end is on this branch, and on none of its own. */
  readonly isHere: boolean;
}

/** The tree of a session from its beginning, each branch before those that it has itself. */
export function branchLines(forks: readonly ForkView[]): BranchLine[] {
  const lines = linesWithin(forks, null, 0, new Set());
  const here = lines.findLastIndex(({ branch }) => branch.isCurrent);
  return lines.map((line, at) => ({ ...line, isHere: at === here }));
}

function linesWithin(
  forks: readonly ForkView[],
  within: string | null,
  depth: number,
  known: Set<ForkView>,
): Omit<BranchLine, 'isHere'>[] {
  const own = forks.filter((fork) => (fork.within ?? null) === within && !known.has(fork));
  for (const fork of own) known.add(fork);
  return own.flatMap(({ branches }) =>
    branches.flatMap((branch, at) => [
      { branch, depth, index: at + 1, count: branches.length },
      ...linesWithin(forks, branch.entryId, depth + 1, known),
    ]),
  );
}
