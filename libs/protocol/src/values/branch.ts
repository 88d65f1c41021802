import { Type, type Static } from 'typebox';
import type { TranscriptKind } from './session.js';

/** Where the conversation continues, relative to an entry: before it, or at the end of its branch. */
export const BranchPoint = Type.Union([Type.Literal('before'), Type.Literal('end')]);
export type BranchPoint = Static<typeof BranchPoint>;

/** One of the branches that begin at a fork, described by its first entry. */
export interface BranchView {
  entryId: string;
  seq: number;
  kind: TranscriptKind;
  /** How the entry's text begins. */
  text: string;
  ts: string;
  /** Whether this is the conversation's current branch. */
  isCurrent: boolean;
}

/** An entry that is followed by several branches, or at which the conversation ends now although branches follow it. */
export interface ForkView {
  /** Null: the beginning of the conversation. */
  parentEntryId: string | null;
  /** The first entry of the branch on which the fork itself is; null: it comes before all forks. Absent: the relay is older. */
  within?: string | null;
  /** Whether the conversation ends here now, although it once went on. */
  isAhead: boolean;
  branches: BranchView[];
}
