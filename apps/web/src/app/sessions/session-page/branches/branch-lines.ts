import type { BranchView, ForkView } from '@pizzapi/protocol';

/** A branch as a line of the tree. */
export interface BranchLine {
  readonly branch: BranchView;
  /** How many forks come before it, from 0. */
  readonly depth: number;
  /** Its number among the branches at its fork, from 1. */
  readonly index: number;
  readonly count: number;
  /** Its number among all below the same branch, from 1. */
  readonly position: number;
  readonly siblings: number;
  /** The first entry of its parent branch; null if there is none. */
  readonly above: string | null;
  /** How many descendants it has. */
  readonly below: number;
  /** The conversation ends on this branch itself, not on a branch of it. */
  readonly isHere: boolean;
}

/** The tree of a session in depth-first order, each branch before its own branches. */
export function branchLines(forks: readonly ForkView[]): BranchLine[] {
  const lines = linesWithin(forks, null, 0, new Set());
  const here = lines.findLastIndex(({ branch }) => branch.isCurrent);
  return lines.map((line, at) => ({ ...line, isHere: at === here }));
}

/** The lines not hidden by a folded branch. */
export function unfoldedLines(lines: readonly BranchLine[], folded: ReadonlySet<string>): BranchLine[] {
  const hidden = new Set<string>();
  return lines.filter(({ branch, above }) => {
    const isHidden = above !== null && (folded.has(above) || hidden.has(above));
    if (isHidden) hidden.add(branch.entryId);
    return !isHidden;
  });
}

/** The ancestors of a branch, up to the root. */
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
